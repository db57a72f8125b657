"""How dates are written, by language, where Django's own way does not fit. Templates name a format, never spell one."""
