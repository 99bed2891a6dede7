"""Words for seats: friendly things, told apart by at least two letters in one language.

Only letters from a to z, so that every keyboard has them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

_FI = """
aalto ahven airo aitta apila aurinko haapa haikara hanhi harju hattu hauki havu herne hirvi huilu
ilves joutsen juna kahvi kallio kanerva kantele kanto karpalo katiska kello kettu kirjasto
kirsikka kitara kiuru koivu koski kuha kuikka kurki kurpitsa kuusi kuutamo laakso laituri lampi
lapanen leipomo lohi lokki lumi luumu lyhty majakka majatalo majava mansikka marja mustikka mylly
niitty omena orava orvokki pallo peippo peruna pihlaja pilvi polku porkkana poukama pulla puolukka
purje puuro raitiovaunu ranta retiisi riihi rumpu ruusu saari saaristo sammal sateenkaari sauna
siika siili silta sitruuna sorsa soutu syksy takki talvi tammi tiainen tomaatti torni tunturi
tuuli vaahtera vadelma varpunen vene villa viulu vuokko
"""

_SV = """
atoll ballong basilika berg bibliotek blomma bofink brygga bulle choklad citron cykel docka
domherre dragspel duva ekorre farstu filt fjord fyrtorn garn gitarr gran hallon halsduk hamn havre
hjortron humla igelkott jasmin kaffe kakelugn kanel kanot karta karusell klippa kompass korn
krokus kudde kvarn lagun lavendel liljekonvalj lingon lodjur lykta melon morot mossa narciss
persilja piano pion plommon potatis pulka rabarber roddare saffran sandstrand segel skog sommar
sparv stickning stuga svala syren talgoxe tall tapet tekanna timjan tomat trumpet tulpan vante
veranda vind vinter violin
"""

_EN = """
acorn almond anchor apricot autumn badger bakery basket bicycle biscuit blanket breeze bridge
button candle canoe canyon carrot castle cedar cherry cinnamon clarinet cloud clover compass
cottage dolphin falcon feather fern fountain garden ginger guitar harbor hedgehog island ivy
jacket kayak kettle kite lantern lavender lemon library lighthouse maple marble market meadow
melon mitten moss museum mushroom orchard otter paddle pancake pebble pepper piano pinecone
pumpkin puzzle rabbit radish rainbow ribbon river robin sailboat salmon sparrow squirrel station
summer sweater teapot tomato tower tractor trumpet tulip tunnel umbrella valley vanilla violin
wagon walnut willow windmill winter
"""

WORDS = {"fi": tuple(_FI.split()), "sv": tuple(_SV.split()), "en": tuple(_EN.split())}
"""The words of each language."""


class Draw(Protocol):
    """Draws `k` of some words, each at most once, as `random.Random.sample` does."""

    def __call__(self, population: Sequence[str], /, k: int) -> list[str]:
        """Return the words that were drawn."""


def draw_words(language: str, count: int, taken: Collection[str], draw: Draw) -> tuple[str, ...]:
    """Return `count` words that are not taken; words that are, where there are not enough others.

    Raises:
        ValueError: If the language has fewer words.
    """
    free = [word for word in WORDS[language] if word not in taken]
    return tuple(draw(free if len(free) >= count else WORDS[language], count))
