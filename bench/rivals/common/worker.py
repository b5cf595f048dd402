"""A rival is a long-living process: one JSON line in, one JSON line out.

A worker module makes a table of handlers and calls serve(). Anything the libraries print goes to
stderr, so that stdout carries nothing but answers.
"""
import json
import os
import sys
import traceback


def serve(handlers):
    """Answers {"do": NAME, ...} with {"ok": true, ...} or {"ok": false, "error": ...} until stdin ends."""
    answers = os.fdopen(os.dup(1), 'w', buffering=1)
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {'ok': True, **(handlers[request.pop('do')](**request) or {})}
        except Exception as problem:  # reported to the runner, which shows it and goes on without this rival
            traceback.print_exc()
            answer = {'ok': False, 'error': f'{type(problem).__name__}: {problem}'}
        answers.write(json.dumps(answer) + '\n')
        answers.flush()
