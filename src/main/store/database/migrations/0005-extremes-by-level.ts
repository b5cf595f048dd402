/**
 * Least and greatest of stretches of a metric, now also of longer and longer ones: a stretch of a level holds
 * four of the level below, so that a curve of any length is thinned from few rows.
 */
const columns = 'low_step, low, high_step, high, absent_step'

/** What a level above the first says, from the one below. */
const above = (level: number): string => `
INSERT INTO metric_extremes (series, level, part, low_step, low)
  SELECT series, ${level}, part / 4, low_step, min(low) FROM metric_extremes WHERE level = ${level - 1} AND low IS NOT NULL GROUP BY series, part / 4;
INSERT INTO metric_extremes (series, level, part, high_step, high)
  SELECT series, ${level}, part / 4, high_step, max(high) FROM metric_extremes WHERE level = ${level - 1} AND high IS NOT NULL GROUP BY series, part / 4
  ON CONFLICT DO UPDATE SET high_step = excluded.high_step, high = excluded.high;
INSERT INTO metric_extremes (series, level, part, absent_step)
  SELECT series, ${level}, part / 4, min(absent_step) FROM metric_extremes WHERE level = ${level - 1} AND absent_step IS NOT NULL GROUP BY series, part / 4
  ON CONFLICT DO UPDATE SET absent_step = excluded.absent_step;
`

export const extremesByLevel = `
CREATE TABLE metric_extremes (
  series INTEGER NOT NULL REFERENCES series (key) ON DELETE CASCADE,
  level INTEGER NOT NULL,
  part INTEGER NOT NULL, -- step / (64 * 4^level)
  low_step INTEGER, -- of the first point with the least value; NULL: every value in it is NaN
  low REAL,
  high_step INTEGER,
  high REAL,
  absent_step INTEGER, -- of the first NaN
  PRIMARY KEY (series, level, part)
) STRICT, WITHOUT ROWID;
INSERT INTO metric_extremes (series, level, part, ${columns}) SELECT series, 0, part, ${columns} FROM metric_part;
DROP TABLE metric_part;
${[1, 2, 3, 4].map(above).join('')}`
