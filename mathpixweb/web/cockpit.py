"""The usage page: numbers of a period beside those of the one before, and the charts of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mathpixweb.accounts import usage_report
from mathpixweb.accounts.models import Team
from mathpixweb.accounts.usage import TIMESPANS
from mathpixweb.accounts.usage_report import Asked, Part, Totals
from mathpixweb.documents.work import outcomes
from mathpixweb.documents.work.outcomes import Outcome
from mathpixweb.web import charts
from mathpixweb.web.charts import Chart, Curve, HeatMap, Point, Words
from mathpixweb.web.periods import Period, following

MOST_BARS = 8
ROUND_SECONDS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000, 36000)
CENTS = (0.01,)  # smaller steps would all be called the same
TYPE_NAMES: Mapping[str, str | Promise] = {
    "pdf-page": gettext_lazy("PDF pages"),
    "image": gettext_lazy("Images"),
    "image-async": gettext_lazy("Images, later"),
    "strokes": gettext_lazy("Drawings"),
    "latex": "LaTeX",
    "converter": gettext_lazy("Conversions"),
}
TYPE_ORDER = list(TYPE_NAMES)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with how it has changed: `change` is in percent, None where there was nothing before."""

    name: str
    value: str
    change: int | None
    good: bool | None = None  # whether the change is welcome; None: neither
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    name: str
    total: int
    percent: float
    href: str


@dataclass(frozen=True, slots=True)
class Cockpit:
    figures: Sequence[Figure]
    usage: Chart
    cost: Chart
    people: Sequence[Bar]
    keys: Sequence[Bar]
    heat: HeatMap
    errors: Chart
    waits: Chart
    pace: Chart


def cockpit(team: Team, period: Period) -> Cockpit:
    asked, before = _asked(team, period), _asked(team, period.before())
    now, then = usage_report.totals(asked), usage_report.totals(before)
    width = TIMESPANS[period.timespan]
    ended = outcomes.of_team(team, period.since, period.until, width)
    ended_before = outcomes.of_team(team, before.since, before.until, width)
    series = usage_report.by_time(asked, period.timespan)
    earlier = usage_report.by_time(before, period.timespan)
    ends = ended.by_time
    return Cockpit(
        figures(now, then, ended.whole, ended_before.whole),
        _usage(period, series, earlier, now),
        _cost(team, period, series),
        _bars(usage_report.by_person(asked), period, "person", _("API keys")),
        _bars(usage_report.by_key(asked), period, "key", _("In the browser")),
        _heat(usage_report.by_hour_of_week(asked)),
        _errors(period, ends),
        _waits(period, ends),
        _pace(period, series),
    )


def _asked(team: Team, period: Period) -> Asked:
    return Asked(team, period.since, period.until)


def figures(now: Totals, then: Totals, ended: Outcome, before: Outcome) -> list[Figure]:
    return [
        Figure(_("Pages"), _whole(now.pages), _change(now.pages, then.pages)),
        Figure(_("Images"), _whole(now.images), _change(now.images, then.images)),
        Figure(_("Requests"), _whole(now.requests), _change(now.requests, then.requests)),
        Figure(
            _("At list price"), money(now.cost), _change(now.cost, then.cost), note=_("not paid to anybody")
        ),
        Figure(
            _("Failed"),
            _percent(ended.error_share),
            _change(ended.error_share, before.error_share),
            ended.error_share <= before.error_share,
            _("%(failed)s of %(ended)s documents")
            % {"failed": _grouped(ended.failed), "ended": _grouped(ended.ended)},
        ),
        Figure(
            _("Waited, median"),
            _seconds(ended.p50) if ended.ended else "–",
            _change(ended.p50, before.p50),
            ended.p50 <= before.p50,
            _("95%% within %(time)s") % {"time": _seconds(ended.p95)} if ended.ended else "",
        ),
    ]


def _usage(period: Period, series: Mapping[str, Totals], earlier: Mapping[str, Totals], now: Totals) -> Chart:
    kinds = sorted(now.counts, key=lambda kind: (TYPE_ORDER.index(kind) if kind in TYPE_NAMES else 99, kind))
    names = [type_name(kind) for kind in kinds]
    points, nothing = [], _("nothing")
    for start in period.starts():
        of_span = series.get(_key(start, period), Totals())
        said = ", ".join(
            f"{_whole(of_span.counts[kind])} {type_name(kind)}" for kind in kinds if kind in of_span.counts
        )
        values = [of_span.counts.get(kind, 0) for kind in kinds]
        title = f"{_long(start, period)}: {said or nothing}"
        points.append(Point(_short(start, period), title, values, drill_down(start, period)))
    line = [earlier.get(_key(start, period.before()), Totals()).total for start in period.before().starts()]
    compared: list[float | None] = [line[at] if at < len(line) else None for at in range(len(points))]
    curves = [Curve(_("The period before"), "before", compared)] if any(line) else []
    words = Words(
        "usage",
        _("Pages and images"),
        _("%(total)s in all, stacked by type.") % {"total": _whole(now.total)},
        names,
        _("When"),
    )
    return charts.columns(words, points, _whole, curves)


def _cost(team: Team, period: Period, series: Mapping[str, Totals]) -> Chart:
    """Summed up over the period; for the month that is running, with the budget and where it leads."""
    sums: list[float | None] = []
    spent = Decimal(0)
    now = timezone.now()
    for start in period.starts():
        spent += series.get(_key(start, period), Totals()).cost
        sums.append(float(spent) if start <= now else None)
    curves = [Curve(_("So far"), "spent", sums)]
    forecast = _forecast(period, series, sums, now)
    said = _("%(sum)s at the list price.") % {"sum": money(spent)}
    if forecast:
        curves.append(Curve(_("Forecast"), "forecast", forecast))
        said += " " + _("%(sum)s by its end, as fast as in the last week.") % {
            "sum": money(forecast[-1] or 0)
        }
    if team.budget is not None and period.name == "month":
        curves.append(Curve(_("Budget"), "budget", [float(team.budget)] * len(sums)))
    points = [Point(_short(start, period), _long(start, period), []) for start in period.starts()]
    words = Words("cost", _("Cost, summed up"), said, (), _("When"))
    return charts.columns(words, points, money, curves, CENTS)


def _forecast(
    period: Period, series: Mapping[str, Totals], sums: Sequence[float | None], now: datetime
) -> list[float | None]:
    """From today to the end of a period that is not over, as the last seven full days went."""
    starts = period.starts()
    past = [at for at, value in enumerate(sums) if value is not None]
    if period.timespan != "day" or len(past) == len(sums) or not past:
        return []
    today = past[-1]
    week = [
        float(series.get(_key(start, period), Totals()).cost) for start in starts[max(0, today - 7) : today]
    ]
    if not week or not any(week):
        return []
    daily, spent = sum(week) / len(week), sums[today] or 0.0
    return [None if at < today else spent + daily * (at - today) for at in range(len(starts))]


def _errors(period: Period, ends: Mapping[str, Outcome]) -> Chart:
    points = []
    for start in period.starts():
        ended = ends.get(_key(start, period), Outcome())
        title = _("%(when)s: %(failed)s of %(ended)s documents failed") % {
            "when": _long(start, period),
            "failed": ended.failed,
            "ended": ended.ended,
        }
        href = drill_down(start, period, outcome="failed")
        points.append(Point(_short(start, period), title, [100 * ended.error_share], href))
    failed, ended_in_all = sum(e.failed for e in ends.values()), sum(e.ended for e in ends.values())
    said = _("%(failed)s of %(ended)s documents failed.") % {
        "failed": _grouped(failed),
        "ended": _grouped(ended_in_all),
    }
    return charts.columns(
        Words("errors", _("Failed documents"), said, [_("Share of all")], _("When")), points, _hundredth
    )


def _waits(period: Period, ends: Mapping[str, Outcome]) -> Chart:
    found = [ends.get(_key(start, period)) for start in period.starts()]
    points = [Point(_short(start, period), _long(start, period), []) for start in period.starts()]
    curves = [
        Curve(_("Median"), "p50", [end.p50 if end else None for end in found]),
        Curve(_("95th percentile"), "p95", [end.p95 if end else None for end in found]),
    ]
    said = _("From the moment a document came in to its last page.")
    return charts.columns(
        Words("waits", _("Waiting"), said, (), _("When")), points, _seconds, curves, ROUND_SECONDS
    )


def _pace(period: Period, series: Mapping[str, Totals]) -> Chart:
    points = []
    for start in period.starts():
        pace = series.get(_key(start, period), Totals()).pages_a_second
        title = _("%(when)s: %(pace)s pages a second") % {"when": _long(start, period), "pace": f"{pace:.1f}"}
        points.append(Point(_short(start, period), title, [pace], drill_down(start, period)))
    said = _("Pages by the seconds of work that one worker spent on them.")
    return charts.columns(
        Words("pace", _("Pages a second"), said, [_("Pages a second")], _("When")),
        points,
        lambda n: f"{n:.3g}",
    )


def _heat(values: Mapping[tuple[int, int], int]) -> HeatMap:
    days = [str(WEEKDAYS[day]) for day in range(7)]

    def title(day: int, hour: int, count: int) -> str:
        return f"{days[day]} {hour:02}:00: {_whole(count)}"

    return charts.heat_map(values, [day[:3] for day in days], 24, title)


def _bars(parts: Sequence[Part], period: Period, who: str, nobody: str) -> list[Bar]:
    most = max((part.total for part in parts), default=0)
    bars = []
    for part in parts[:MOST_BARS]:
        name = part.name or (nobody if part.number == 0 else _("No longer here"))
        query = urlencode({who: part.number})
        href = f"{reverse('web:usage-documents')}?{period.query}&{query}"
        bars.append(Bar(name, part.total, round(100 * part.total / most, 2), href))
    rest = sum(part.total for part in parts[MOST_BARS:])
    if rest:
        said = ngettext("%(count)d other", "%(count)d others", len(parts) - MOST_BARS)
        bars.append(
            Bar(said % {"count": len(parts) - MOST_BARS}, rest, round(100 * rest / max(most, rest), 2), "")
        )
    return bars


def drill_down(start: datetime, period: Period, **more: str) -> str:
    """The documents behind one bar."""
    end = following(start, period.timespan)
    query = {"since": start.isoformat()[:16], "until": end.isoformat()[:16], **more}
    return f"{reverse('web:usage-documents')}?{urlencode(query)}"


def type_name(usage_type: str) -> str:
    return str(TYPE_NAMES.get(usage_type, usage_type))


def _key(start: datetime, period: Period) -> str:
    return start.strftime("%Y-%m-%d %H:%M")[: TIMESPANS[period.timespan]]


def _short(start: datetime, period: Period) -> str:
    if period.timespan == "hour":
        return start.strftime("%H:00")
    return date_format(start, "M Y" if period.timespan == "month" else "j M")


def _long(start: datetime, period: Period) -> str:
    if period.timespan == "hour":
        return f"{date_format(start, 'D j M')}, {start:%H}:00"
    return date_format(start, "F Y" if period.timespan == "month" else "l j F")


def _whole(value: float) -> str:
    return _grouped(round(value)) if value == round(value) else _grouped(value, 1)


def _grouped(number: float | Decimal, places: int = 0) -> str:
    """As the reader's language writes it: 10,000 or 10.000. Rounded first, since Django cuts off."""
    return number_format(Decimal(f"{number:.{places}f}"), places, force_grouping=True)


def money(value: Decimal | float) -> str:
    return f"${_grouped(value, 2 if value < 1000 else 0)}"


def _percent(share: float) -> str:
    return f"{_grouped(100 * share, 1)}%"


def _hundredth(value: float) -> str:
    return f"{value:.3g}%"


def _seconds(value: float) -> str:
    if value < 60:
        return f"{value:.2g} s" if value < 10 else f"{value:.0f} s"
    return f"{value / 60:.3g} min" if value < 3600 else f"{value / 3600:.3g} h"


def _change(now: float | Decimal, then: float | Decimal) -> int | None:
    return round(100 * (float(now) - float(then)) / float(then)) if then else None
