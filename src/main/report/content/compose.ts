/** The story of a run, from its input: the same for every format. */
import { count } from '../../../shared/wording.ts'
import { moment, shorten } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { configuration, method, reproduce, timings } from './background.ts'
import type { ReportDocument } from './document.ts'
import { overSeeds } from './over-seeds.ts'
import { results, summary } from './results.ts'

/** Lays out everything a report says. The input must be clean (see clean.ts). */
export async function compose(input: ReportInput): Promise<ReportDocument> {
  const { run, data, document } = input
  const name = run.name.replace(/\s+/g, ' ').trim() || run.id
  return {
    title: shorten(name, 110),
    short: shorten(name, 60),
    subtitle: [
      `${shorten(data.name, 60)}, preset `,
      { code: document.preset },
      `, run `,
      { code: run.id },
      `, step ${count(run.step)}. Report of ${moment(input.made)}.`,
    ],
    made: input.made,
    sections: [
      summary(input),
      ...(await results(input)),
      ...overSeeds(input),
      configuration(input),
      ...timings(input),
      method(input),
      reproduce(input),
    ],
  }
}
