/** Data sets, runs, their metrics and checkpoints. */
export const dataSetsAndRuns = `
CREATE TABLE dataset (
  hash TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  count INTEGER NOT NULL,
  height INTEGER NOT NULL,
  width INTEGER NOT NULL,
  channels INTEGER NOT NULL,
  classes INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  facts TEXT NOT NULL, -- class names, suggested split, source: sealed JSON
  created_at REAL NOT NULL
) STRICT;

CREATE TABLE run (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'training', 'paused', 'finished', 'stopped', 'failed', 'interrupted')),
  step INTEGER NOT NULL DEFAULT 0,
  seconds REAL NOT NULL DEFAULT 0,
  document TEXT NOT NULL, -- the experiment: sealed JSON
  preset TEXT NOT NULL, -- with steps: for lists, which need no document
  steps INTEGER NOT NULL,
  dataset TEXT NOT NULL REFERENCES dataset (hash),
  parent_run TEXT, -- an id, kept as provenance even when that run is gone
  parent_step INTEGER,
  tags TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  machine TEXT,
  versions TEXT,
  farm_processes INTEGER,
  error TEXT,
  created_at REAL NOT NULL,
  started_at REAL,
  updated_at REAL NOT NULL,
  ended_at REAL
) STRICT;
CREATE INDEX run_dataset ON run (dataset);
CREATE INDEX run_parent ON run (parent_run);

CREATE TABLE series (
  key INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
  name TEXT NOT NULL,
  UNIQUE (run, name)
) STRICT;

CREATE TABLE metric (
  series INTEGER NOT NULL REFERENCES series (key) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  value REAL, -- NULL is NaN, which SQLite cannot hold
  at REAL NOT NULL,
  PRIMARY KEY (series, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoint (
  key INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  hash TEXT NOT NULL,
  reason TEXT NOT NULL,
  kept INTEGER NOT NULL DEFAULT 0,
  damaged INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL,
  path TEXT NOT NULL UNIQUE, -- relative to the data folder
  created_at REAL NOT NULL,
  UNIQUE (run, hash)
) STRICT;
CREATE INDEX checkpoint_step ON checkpoint (run, step);
CREATE INDEX checkpoint_hash ON checkpoint (hash);
`
