/**
 * Removal that can be undone, results of chosen networks, files to take away, preferences, and least and
 * greatest of each stretch of a metric, so that a long curve is thinned without reading all of it.
 */
export const removalAndArtefacts = `
ALTER TABLE run ADD COLUMN deleted_at REAL;
ALTER TABLE dataset ADD COLUMN deleted_at REAL;
ALTER TABLE ensemble ADD COLUMN networks TEXT; -- indices, sealed JSON; NULL: the first ones
ALTER TABLE student ADD COLUMN networks TEXT;
CREATE INDEX run_created ON run (created_at);

CREATE TABLE artefact (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  hash TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  path TEXT NOT NULL UNIQUE,
  checked TEXT,
  created_at REAL NOT NULL
) STRICT;
CREATE INDEX artefact_run ON artefact (run);

CREATE TABLE preference (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL -- sealed JSON
) STRICT;

CREATE TABLE metric_part (
  series INTEGER NOT NULL REFERENCES series (key) ON DELETE CASCADE,
  part INTEGER NOT NULL, -- step / 64
  low_step INTEGER, -- NULL: every value in it is NaN
  low REAL,
  high_step INTEGER,
  high REAL,
  absent_step INTEGER, -- of the first NaN
  PRIMARY KEY (series, part)
) STRICT, WITHOUT ROWID;
INSERT INTO metric_part (series, part, low_step, low)
  SELECT series, step / 64, step, min(value) FROM metric WHERE value IS NOT NULL GROUP BY series, step / 64;
INSERT INTO metric_part (series, part, high_step, high)
  SELECT series, step / 64, step, max(value) FROM metric WHERE value IS NOT NULL GROUP BY series, step / 64
  ON CONFLICT DO UPDATE SET high_step = excluded.high_step, high = excluded.high;
INSERT INTO metric_part (series, part, absent_step)
  SELECT series, step / 64, min(step) FROM metric WHERE value IS NULL GROUP BY series, step / 64
  ON CONFLICT DO UPDATE SET absent_step = excluded.absent_step;
`
