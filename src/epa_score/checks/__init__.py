"""The meaning of the models: checks as plain functions that yield findings.

A new check is a function in one of the modules and a line in a tuple here.
"""

from itertools import chain

from epa_score.checks.adjustments import (
    check_counted_and_judged,
    kinds_of_adjustments_are_clear,
    with_kinds_of_adjustments,
)
from epa_score.checks.assessors import (
    assessors_share_items,
    items_are_of_the_assessor,
    sheet_is_of_an_assessor,
    without_items_of_others,
)
from epa_score.checks.conditions import (
    conditions_are_whole,
    conditions_may_hold_or_not,
    conditions_name_what_there_is,
)
from epa_score.checks.facts import NO_EXEMPTIONS, Exemptions, check_facts
from epa_score.checks.item_units import items_are_for_the_unit, units_of_items_are_clear
from epa_score.checks.readings import (
    panels_say_what_is_combined,
    pools_have_effect,
    readings_of_pools_are_chosen,
    same_fact_has_effect,
)
from epa_score.checks.rubric import (
    caps_are_positive,
    caps_are_reachable,
    duties_hold_one_kind,
    every_unit_has_items,
    item_ids_are_unique,
    item_ids_have_the_form,
    maxima_add_up,
    parts_of_duties_are_plain,
    rubric_id_is_a_name,
    section_ids_are_unique,
    sections_hold_one_kind,
    tie_break_names_sections,
    units_are_listed_once,
)
from epa_score.checks.rubric_options import (
    adjustments_are_there,
    band_names_are_unique,
    bands_are_reachable,
    bands_fall_to_zero,
    check_adjustments,
    final_figures_are_possible,
    ids_of_facts_are_their_own,
    last_band_takes_the_rest,
    means_have_peers,
    points_of_adjustments_are_possible,
    something_applies,
    treatments_are_possible,
    vetoes_have_bands,
)
from epa_score.checks.rubric_rules import (
    caps_of_rules_can_be_reached,
    facts_have_names_of_their_own,
    floors_of_pools_have_effect,
    lists_have_entries,
    numbers_have_effect,
    points_of_rules_are_possible,
    pools_are_possible,
    rules_are_sound,
)
from epa_score.checks.self_scores import (
    self_scores_are_near,
    self_scores_are_possible,
    self_scores_are_right,
    without_self_scores,
)
from epa_score.checks.several_sheets import (
    SheetKey,
    assessor_is_named,
    panel_is_possible,
    panel_judges_points,
    periods_are_one,
    units_are_missing,
    units_are_scored_once,
)
from epa_score.checks.sheet import (
    date_is_certain,
    deductions_have_reasons,
    every_item_is_scored,
    items_are_known,
    points_are_on_the_grain,
    points_are_within_cap,
    unit_is_known,
    with_hints_of_rubric,
)
from epa_score.checks.unit_groups import (
    groups_are_several,
    groups_hold_the_units,
    units_are_in_one_group,
)
from epa_score.diagnostics import Finding, Kind
from epa_score.model import Rubric, ScoreSheet, exactly

__all__ = [
    "POINTS_CHECKS",
    "RUBRIC_CHECKS",
    "Exemptions",
    "SheetKey",
    "check_joined",
    "check_rubric",
    "check_sheet",
    "deductions_have_reasons",
    "means_have_peers",
    "periods_are_one",
    "self_scores_are_near",
    "units_are_missing",
    "units_are_scored_once",
    "with_hints_of_rubric",
    "with_kinds_of_adjustments",
    "without_self_scores",
]

RUBRIC_CHECKS = (
    rubric_id_is_a_name,
    sections_hold_one_kind,
    section_ids_are_unique,
    item_ids_have_the_form,
    item_ids_are_unique,
    maxima_add_up,
    caps_are_positive,
    caps_are_reachable,
    tie_break_names_sections,
    units_are_listed_once,
    every_unit_has_items,
    rules_are_sound,
    points_of_rules_are_possible,
    numbers_have_effect,
    floors_of_pools_have_effect,
    caps_of_rules_can_be_reached,
    lists_have_entries,
    facts_have_names_of_their_own,
    pools_are_possible,
    adjustments_are_there,
    ids_of_facts_are_their_own,
    points_of_adjustments_are_possible,
    bands_fall_to_zero,
    band_names_are_unique,
    last_band_takes_the_rest,
    bands_are_reachable,
    vetoes_have_bands,
    panel_is_possible,
    panel_judges_points,
    final_figures_are_possible,
    treatments_are_possible,
    readings_of_pools_are_chosen,
    pools_have_effect,
    duties_hold_one_kind,
    parts_of_duties_are_plain,
    units_of_items_are_clear,
)
OPTION_CHECKS = {
    "adjustments": (kinds_of_adjustments_are_clear, same_fact_has_effect),
    "assessors": (assessors_share_items,),
    "groups": (groups_are_several, units_are_in_one_group, groups_hold_the_units),
    "panel": (panels_say_what_is_combined,),
    "self_score": (self_scores_are_possible,),
    "veto": (conditions_are_whole, conditions_name_what_there_is, conditions_may_hold_or_not),
}
"""What is checked where a rubric has a field."""

POINTS_CHECKS = (points_are_within_cap, points_are_on_the_grain)


def check_rubric(rubric: Rubric) -> list[Finding]:
    """Everything that is wrong with a rubric."""
    given = (checks for field, checks in OPTION_CHECKS.items() if field in rubric.model_fields_set)
    with exactly():
        checks = (*RUBRIC_CHECKS, *chain.from_iterable(given))
        return list(chain.from_iterable(check(rubric) for check in checks))


def check_sheet(
    sheet: ScoreSheet, rubric: Rubric, exemptions: Exemptions = NO_EXEMPTIONS
) -> list[Finding]:
    """Everything that is wrong with a score sheet under its rubric.

    Where assessors have items of their own it holds those of one of them.
    """
    if not rubric.assessors:
        return _check_items(sheet, rubric, exemptions)
    part = rubric.part(sheet.assessor)
    if part is None:
        unknown = sheet_is_of_an_assessor(sheet, rubric)
        return [*unknown, *_check_items(sheet, rubric, exemptions._replace(unscored=True))]
    found = list(items_are_of_the_assessor(sheet, rubric))
    own = without_items_of_others(sheet, rubric)
    if found and not own.scores:  # it is the sheet of somebody else
        exemptions = exemptions._replace(unscored=True)
    findings = _check_items(own, part, exemptions)
    if len(rubric.assessors) > 1:  # none of one's may apply, as long as any other assessor's does
        findings = [
            finding
            for finding in findings
            if finding.kind is not Kind.NOTHING_APPLIES or finding.variant
        ]
    return [*found, *findings]


def _check_items(sheet: ScoreSheet, rubric: Rubric, exemptions: Exemptions) -> list[Finding]:
    """Everything that is wrong with what a score sheet says of the items of a rubric."""
    scope = rubric.scope(sheet.unit)
    if scope is None:
        return list(unit_is_known(sheet, rubric))
    with exactly():
        findings = [*date_is_certain(sheet), *items_are_known(sheet, scope)]
        points = sheet.points
        findings += chain.from_iterable(check(points, scope) for check in POINTS_CHECKS)
        if sheet.names_self_scores:
            findings += self_scores_are_right(sheet, rubric, scope)
        if sheet.adjustments or sheet.veto:
            findings += check_adjustments(sheet, rubric)
            findings += check_counted_and_judged(sheet, rubric, exemptions.unread)
        if rubric.has_items_for_some:
            findings += items_are_for_the_unit(sheet, rubric)
        if rubric.panel is not None:
            findings += assessor_is_named(sheet)
        if scope.rules or sheet.with_facts:
            findings += check_facts(sheet, scope, exemptions.with_faulty_items(findings))
            exemptions = exemptions.with_faulty_items(findings)
        if not exemptions.unscored:
            findings += every_item_is_scored(sheet, scope, exemptions)
    return findings


def check_joined(sheet: ScoreSheet, rubric: Rubric) -> list[Finding]:
    """Everything that is wrong with the sheets of assessors together, each of which is sound."""
    scope = rubric.scope(sheet.unit)
    with exactly():
        findings = list(something_applies(sheet, scope)) if scope is not None else []
        findings += check_adjustments(sheet, rubric) if sheet.adjustments else []
    return [finding for finding in findings if finding.kind.severity == "error"]
