import pytest
def test_pages(world, client_as):
    c = client_as(world.elin)
    for path in ["/account/","/account/password/","/account/tokens/add/","/people/","/people/?q=ash","/people/add/",f"/people/{world.asha.pk}/",f"/people/{world.asha.pk}/roles/give/",f"/people/{world.asha.pk}/close/",f"/people/{world.asha.pk}/roles/{world.asha.grants.get().pk}/withdraw/"]:
        assert c.get(path).status_code==200, path
    assert client_as().get("/sign-in/").status_code == 200
    r = client_as().post("/sign-in/", {"username":"Asha","password":"a lamp over the market"})
    assert r.status_code == 302, r.content
