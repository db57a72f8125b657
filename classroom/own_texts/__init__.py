"""Teachers' own texts: from a paste to something that a class plays. docs/own-texts.md describes the way."""
