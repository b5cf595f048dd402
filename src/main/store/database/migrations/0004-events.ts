/**
 * What happened to a run, line by line: written once, never changed, gone only with its run. Runs from
 * before get what their rows still tell. A `deleted_at` below 0, from here on: being erased for good.
 */
export const events = `
CREATE TABLE event (
  key INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
  at REAL NOT NULL,
  kind TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('info', 'warn', 'bad')),
  step INTEGER,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX event_run ON event (run, key);
CREATE TRIGGER event_stays BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'a line of the log never changes'); END;

INSERT INTO event (run, at, kind, level, step, text)
  SELECT run, at, kind, 'info', step, text FROM (
    SELECT key AS run, created_at AS at, 'state' AS kind, NULL AS step, 'Created' AS text FROM run WHERE parent_run IS NULL
    UNION ALL SELECT key, created_at, 'fork', parent_step, 'Forked from ' || parent_run FROM run WHERE parent_run IS NOT NULL
    UNION ALL SELECT key, started_at, 'state', NULL, 'Training began' FROM run WHERE started_at IS NOT NULL
    UNION ALL SELECT run, created_at, 'checkpoint', step, 'Checkpoint' FROM checkpoint
    UNION ALL SELECT run, created_at, 'evaluation', step, 'Sampled networks were tested' FROM evaluation
    UNION ALL SELECT run, created_at, 'result', NULL, 'Ensembles voted' FROM ensemble
    UNION ALL SELECT run, created_at, 'result', NULL, 'A student was distilled' FROM student
    UNION ALL SELECT run, created_at, 'result', NULL, 'A map was made' FROM map
    UNION ALL SELECT run, max(created_at), 'result', NULL, 'A report was written' FROM report GROUP BY run, CAST(created_at / 60000 AS INTEGER)
    UNION ALL SELECT key, ended_at, 'state', step, upper(substr(state, 1, 1)) || substr(state, 2) FROM run WHERE ended_at IS NOT NULL
  ) ORDER BY at;
`
