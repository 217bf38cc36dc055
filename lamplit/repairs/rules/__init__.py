"""The rules of repairs: pure decisions on plain values. No clock, no database, no Django."""

from lamplit.basics.deadlines import Clock, in_time, soonest, state_of
from lamplit.repairs.facts import Answer
from lamplit.repairs.rules.awaab import AwaabCase, Contact, awaab_clocks, aware_from, first_aware, in_force
from lamplit.repairs.rules.awaab_steps import AWAAB_STEPS, FIRST_STATE, awaab_step
from lamplit.repairs.rules.book import RuleBook, advice_words, load_book, rule_book
from lamplit.repairs.rules.catalogue import Advice, Catalogue, Fault, Need, WorkWanted, load_catalogue
from lamplit.repairs.rules.clocks import PRIORITIES, HazardClass, Priority, higher, is_emergency, rank, target_clock
from lamplit.repairs.rules.closing import Asked, Closing, Missing, WorkState, may_close
from lamplit.repairs.rules.diagnosis import Option, Outcome, Question, Tree
from lamplit.repairs.rules.escalation import Ring, RingRound, Roster, is_unaccepted_too_long, next_ring
from lamplit.repairs.rules.law import hazards, law, load_figures, policy
from lamplit.repairs.rules.repeats import Earlier, Repeats, repeats
from lamplit.repairs.rules.right_to_repair import RightToRepair, compensation_pence, is_winter, right_to_repair
from lamplit.repairs.rules.tree_file import load_tree
from lamplit.repairs.rules.triage import Fired, HazardFound, Triage, kept, starts, triage
from lamplit.repairs.rules.triage_rules import DANGERS, TriageRule, TriageRules, load_triage_rules

__all__ = [
    "AWAAB_STEPS",
    "DANGERS",
    "FIRST_STATE",
    "PRIORITIES",
    "Advice",
    "Answer",
    "Asked",
    "AwaabCase",
    "Catalogue",
    "Clock",
    "Closing",
    "Contact",
    "Earlier",
    "Fault",
    "Fired",
    "HazardClass",
    "HazardFound",
    "Missing",
    "Need",
    "Option",
    "Outcome",
    "Priority",
    "Question",
    "Repeats",
    "RightToRepair",
    "Ring",
    "RingRound",
    "Roster",
    "RuleBook",
    "Tree",
    "Triage",
    "TriageRule",
    "TriageRules",
    "WorkState",
    "WorkWanted",
    "advice_words",
    "awaab_clocks",
    "awaab_step",
    "aware_from",
    "compensation_pence",
    "first_aware",
    "hazards",
    "higher",
    "in_force",
    "in_time",
    "is_emergency",
    "is_unaccepted_too_long",
    "is_winter",
    "kept",
    "law",
    "load_book",
    "load_catalogue",
    "load_figures",
    "load_tree",
    "load_triage_rules",
    "may_close",
    "next_ring",
    "policy",
    "rank",
    "repeats",
    "right_to_repair",
    "rule_book",
    "soonest",
    "starts",
    "state_of",
    "target_clock",
    "triage",
]
