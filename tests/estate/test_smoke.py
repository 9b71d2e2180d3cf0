import pytest
def test_pages(world, client_as):
    c = client_as(world.elin)
    for path in ["/cameras/","/cameras/?sort=-number&q=1","/cameras/add/","/cameras/127/","/cameras/127/change/","/cameras/127/retire/","/cameras/import/","/cameras/import/template.csv","/estate/","/estate/partners/","/estate/towns/","/estate/desks/",f"/estate/towns/{world.towns['Harbour'].pk}/rename/"]:
        assert c.get(path).status_code==200, path
    r=c.post("/cameras/add/",{"number":"300","name":"Test","kind":"fixed","town":str(world.towns['Harbour'].pk),"address":"rtsp://viewer:secret@127.0.0.1:18554/cam1","priority":"100","recorded":"on"})
    assert r.status_code==302, r.content.decode()
    r=c.post("/cameras/300/check/")
    assert "Connects; H.264" in r.content.decode()
