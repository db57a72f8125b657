"""{% steady %}…{% endsteady %}: words and markup that only the language decides, drawn once in each by a process.

Nothing inside may tell who asks: no name, no token, no address of a class. What else it depends on is named:
{% steady question.kind %}.
"""

from __future__ import annotations

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

MOST = 500
"""Ways in which one block is kept; beyond that it begins anew."""


class SteadyNode(Node):
    def __init__(self, nodelist: NodeList, named: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.named = named
        self.drawn: dict[tuple[object, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        key = (get_language(), *(each.resolve(context) for each in self.named))
        drawn = self.drawn.get(key)
        if drawn is None:
            if len(self.drawn) >= MOST:
                self.drawn.clear()
            drawn = self.drawn[key] = self.nodelist.render(context)
        return drawn


@register.tag
def steady(parser: Parser, token: Token) -> SteadyNode:
    named = [parser.compile_filter(each) for each in token.split_contents()[1:]]
    nodelist = parser.parse(("endsteady",))
    parser.delete_first_token()
    return SteadyNode(nodelist, named)
