from tests.screens.conftest import *
async def test_x(places, clock, pathway):
    import time
    t=time.time()
    async with program(places, clock, pathway=pathway) as s:
        print(s.text); print(time.time()-t)
        print(await s.press("1"))
        for k in HANDLE: await s.press(k)
        print(await s.press("enter"))
        print(await s.press("1"))
        print(await s.type(PASSPHRASE)); print(await s.type(PASSPHRASE)); 
        print(await s.press("w"))
        print(await s.press("n"))
        print(await s.press("enter"))
        for k in "1986": await s.press(k)
        print(await s.press("enter"))
        print(await s.press("1"))
        print(await s.press("3"))
        print(await s.press("1"))
        t=time.time()
        print(await s.press("1"))
        for k in "0": print(await s.press(k))
        for k in "000000001": print(await s.press(k))
        print(time.time()-t)
        for k in "a":print(await s.press(k))
        for k in "yyyyy":print(await s.press(k))
async def test_y(places, clock, pathway):
    prepared(places,clock,pathway,whole(pathway, phq9__1=3,phq9__2=3,phq9__3=3,phq9__4=3,phq9__5=3, gad7__1=3))
    async with workplace(places, clock, pathway) as s:
        for k in "1": print(await s.press(k))
        for k in ["space","space","d","space","space","r"]: print(await s.press(k))
