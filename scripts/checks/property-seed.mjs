// Property tests draw the same examples each time, so that a check which passed once passes again and a failure
// belongs to the change that brought it. WEIGHTSCAPE_SEED names another seed, or `random` for a new one each time:
// for hunting, over many rounds.
import fc from 'fast-check'

const wanted = process.env['WEIGHTSCAPE_SEED'] ?? '20190508'
fc.configureGlobal({ seed: wanted === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(wanted) })
