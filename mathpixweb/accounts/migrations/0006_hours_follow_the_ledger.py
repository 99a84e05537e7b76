"""Triggers that keep the sums of every hour equal to the ledger, whoever writes into it and however."""

from django.db import migrations

ADD = """INSERT INTO accounts_usagehour (team_id, hour, usage_type, key_number, user_number, count, events, duration)
    VALUES ({row}.team_id, {hour}, {row}.usage_type, COALESCE({row}.api_key_id, 0), COALESCE({row}.user_id, 0),
            {row}.count, 1, {row}.duration)
    ON CONFLICT (team_id, hour, usage_type, key_number, user_number) DO UPDATE SET
        count = accounts_usagehour.count + excluded.count, events = accounts_usagehour.events + 1,
        duration = accounts_usagehour.duration + excluded.duration;"""
TAKE = """UPDATE accounts_usagehour SET
        count = count - {row}.count, events = events - 1, duration = duration - {row}.duration
    WHERE team_id = {row}.team_id AND hour = {hour} AND usage_type = {row}.usage_type
        AND key_number = COALESCE({row}.api_key_id, 0) AND user_number = COALESCE({row}.user_id, 0);"""
TAKE_EMPTY = """DELETE FROM accounts_usagehour
    WHERE team_id = {row}.team_id AND hour = {hour} AND usage_type = {row}.usage_type AND events = 0
        AND key_number = COALESCE({row}.api_key_id, 0) AND user_number = COALESCE({row}.user_id, 0);"""
# as Django writes whole seconds
HOUR = "substr({row}.created_at, 1, 13) || ':00:00'"
HOUR_IN_POSTGRES = "date_trunc('hour', {row}.created_at, 'UTC')"
EVENTS = {"insert": ("new",), "delete": ("old",), "update": ("old", "new")}
FILL = """INSERT INTO accounts_usagehour (team_id, hour, usage_type, key_number, user_number, count, events, duration)
    SELECT e.team_id, {hour}, e.usage_type, COALESCE(e.api_key_id, 0), COALESCE(e.user_id, 0),
           SUM(e.count), COUNT(*), SUM(e.duration)
    FROM accounts_usageevent e GROUP BY 1, 2, 3, 4, 5"""


def steps(event, hour):
    lines = []
    for row in EVENTS[event]:
        for text in (ADD,) if row == "new" else (TAKE, TAKE_EMPTY):
            lines.append(text.format(row=row, hour=hour.format(row=row)))
    return "\n".join(lines)


def create(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    hour = HOUR_IN_POSTGRES if postgres else HOUR
    for event in EVENTS:
        name = f"accounts_usagehour_{event}"
        if postgres:
            schema_editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
                f"{steps(event, hour)}\nRETURN NULL; END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {name} AFTER {event} ON accounts_usageevent "
                f"FOR EACH ROW EXECUTE FUNCTION {name}()"
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {name} AFTER {event} ON accounts_usageevent BEGIN\n{steps(event, hour)}\nEND"
            )
    schema_editor.execute(FILL.format(hour=hour.format(row="e")))


def drop(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for event in EVENTS:
        name = f"accounts_usagehour_{event}"
        schema_editor.execute(f"DROP TRIGGER {name}" + (" ON accounts_usageevent" if postgres else ""))
        if postgres:
            schema_editor.execute(f"DROP FUNCTION {name}()")
    schema_editor.execute("DELETE FROM accounts_usagehour")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_people_audit_and_hours_of_usage")]
    operations = [migrations.RunPython(create, drop)]
