/** What is made from checkpoints. Each names the checkpoint by its hash, which keeps that from being pruned. */
export const results = `
CREATE TABLE evaluation (
  key INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  checkpoint TEXT,
  seed INTEGER,
  dataset TEXT NOT NULL,
  split TEXT NOT NULL,
  result TEXT NOT NULL,
  created_at REAL NOT NULL
) STRICT;
CREATE INDEX evaluation_run ON evaluation (run, step);
CREATE INDEX evaluation_checkpoint ON evaluation (checkpoint);

CREATE TABLE probabilities (
  key INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
  checkpoint TEXT NOT NULL,
  seed INTEGER NOT NULL,
  count INTEGER NOT NULL,
  dataset TEXT NOT NULL,
  split TEXT NOT NULL,
  images INTEGER NOT NULL,
  classes INTEGER NOT NULL,
  path TEXT NOT NULL UNIQUE,
  bytes INTEGER NOT NULL,
  digests BLOB NOT NULL, -- SHA-256 of each network's part, 32 bytes each, so that any part can be verified alone
  created_at REAL NOT NULL
) STRICT;
CREATE INDEX probabilities_run ON probabilities (run);
CREATE INDEX probabilities_checkpoint ON probabilities (checkpoint, seed, dataset, split, images, count);

CREATE TABLE ensemble (
  key INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
  checkpoint TEXT NOT NULL,
  seed INTEGER NOT NULL,
  count INTEGER NOT NULL,
  dataset TEXT NOT NULL,
  split TEXT NOT NULL,
  images INTEGER NOT NULL,
  sizes TEXT NOT NULL,
  result TEXT NOT NULL,
  created_at REAL NOT NULL
) STRICT;
CREATE INDEX ensemble_run ON ensemble (run);
CREATE INDEX ensemble_checkpoint ON ensemble (checkpoint);

CREATE TABLE student (
  key INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
  checkpoint TEXT NOT NULL,
  seed INTEGER NOT NULL,
  count INTEGER NOT NULL,
  dataset TEXT NOT NULL,
  target TEXT NOT NULL,
  result TEXT NOT NULL,
  hash TEXT NOT NULL,
  path TEXT NOT NULL UNIQUE,
  created_at REAL NOT NULL
) STRICT;
CREATE INDEX student_run ON student (run);
CREATE INDEX student_checkpoint ON student (checkpoint);

CREATE TABLE map (
  key INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
  checkpoint TEXT NOT NULL,
  seed INTEGER NOT NULL,
  count INTEGER NOT NULL,
  options TEXT NOT NULL,
  result TEXT NOT NULL,
  hash TEXT NOT NULL,
  path TEXT NOT NULL UNIQUE,
  created_at REAL NOT NULL
) STRICT;
CREATE INDEX map_run ON map (run);
CREATE INDEX map_checkpoint ON map (checkpoint);

CREATE TABLE network (
  key INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
  checkpoint TEXT NOT NULL,
  seed INTEGER NOT NULL,
  place INTEGER NOT NULL, -- the network's index among those of the seed
  label TEXT NOT NULL,
  accuracy REAL,
  created_at REAL NOT NULL,
  UNIQUE (run, checkpoint, seed, place)
) STRICT;
CREATE INDEX network_checkpoint ON network (checkpoint);

CREATE TABLE report (
  key INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
  format TEXT NOT NULL,
  path TEXT NOT NULL, -- absolute: reports lie where the person wanted them
  hash TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  created_at REAL NOT NULL
) STRICT;
CREATE INDEX report_run ON report (run);
`
