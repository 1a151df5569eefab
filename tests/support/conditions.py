"""Rubrics of 100 points with vetoes that follow from points."""

HEAD = """\
id: county
title: 某县评分细则
total: 100
decimals: 1
"""
FIRST = """\
sections:
  - id: A
    title: 领导重视
    max: 25
    items:
      - {id: A1, max: 15, text: 一}
      - {id: A2, max: 10, text: 二}
  - id: B
    title: 成效
    max: 75
"""
"""The sections up to what stands in the second one."""


def text_with_vetoes(*vetoes: str, sections: str, more: str = "") -> str:
    """A rubric of sections, of further fields and of vetoes, a line each."""
    lines = "".join(f"  - {veto}\n" for veto in vetoes)
    return f"{HEAD}{sections}{more}veto:\n{lines}"
