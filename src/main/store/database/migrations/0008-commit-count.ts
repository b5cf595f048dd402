/** How many transactions were ever committed: a number outside the database is compared with it, so that none vanishes in silence. */
export const commitCount = `
CREATE TABLE commit_count (number INTEGER NOT NULL) STRICT;
INSERT INTO commit_count VALUES (0);
`
