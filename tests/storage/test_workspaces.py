from storage.workspaces import Workspaces


def test_a_fact_is_remembered_replaced_and_forgotten_in_its_workspace_only(database):
    workspaces = Workspaces(database)
    assert workspaces.get("T1", "tables refused") is None
    for team, value in (("T1", "old"), ("T2", "other"), ("T1", "new")):
        workspaces.set(team, "tables refused", value)
    assert [workspaces.get(team, "tables refused") for team in ("T1", "T2")] == ["new", "other"]
    workspaces.forget("T1", "tables refused")
    assert [workspaces.get(team, "tables refused") for team in ("T1", "T2")] == [None, "other"]
