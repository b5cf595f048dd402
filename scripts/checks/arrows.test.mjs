import { spawnSync } from 'node:child_process'
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../setup/temporary.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** @typedef {{ summary: { violations: { from: string, rule: { name: string } }[] } }} Cruise */

/**
 * Rules broken by each file of a tree.
 * @param {Record<string, string>} files
 */
async function broken(files) {
  const folder = await temporaryFolder()
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json', 'tsconfig.base.json']) await cp(join(root, name), join(folder, name))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const cruised = spawnSync(
    process.execPath,
    [join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'), '--config', '.dependency-cruiser.cjs', '-T', 'json', 'src'],
    {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    },
  )
  /** @type {Cruise} */
  const cruise = JSON.parse(cruised.stdout)
  return cruise.summary.violations.map((violation) => `${violation.from}: ${violation.rule.name}`).sort()
}

const leaf = 'export const one = 1\n'
/** @param {string} from */
const takes = (from) => `import { one } from '${from}'\nexport const two = one + one\n`

describe('the arrows', () => {
  it('are broken by each import that they forbid', async () => {
    const found = await broken({
      'src/shared/leaf.ts': leaf,
      'src/engine/leaf.ts': leaf,
      'src/main/store/leaf.ts': leaf,
      'src/main/lab/leaf.ts': leaf,
      'src/main/cli/leaf.ts': leaf,
      'src/shared/a.ts': takes('../engine/leaf.ts'),
      'src/shared/b.ts': takes('node:fs'),
      'src/engine/a.ts': takes('../main/store/leaf.ts'),
      'src/engine/b.ts': takes('node:fs'),
      'src/engine/c.ts': takes('better-sqlite3'),
      'src/main/store/a.ts': takes('../lab/leaf.ts'),
      'src/main/store/b.ts': `import type { one } from '../lab/leaf.ts'\nexport type One = typeof one\n`,
      'src/main/lab/a.ts': takes('../../engine/leaf.ts'),
      'src/main/report/a.ts': takes('../store/leaf.ts'),
      'src/main/engine-host/a.ts': takes('../lab/leaf.ts'),
      'src/main/engine-host/b.ts': takes('../cli/leaf.ts'),
      'src/main/cli/a.ts': takes('../store/leaf.ts'),
      'src/renderer/a.ts': takes('../main/lab/leaf.ts'),
      'src/preload/a.ts': takes('../engine/leaf.ts'),
      'src/engine/simd/a.ts': takes('../training/leaf.ts'),
      'src/engine/training/leaf.ts': leaf,
      'src/engine/training/a.ts': takes('../simd/a.ts').replace('one }', 'two as one }'),
      'src/methods/one/definition.ts': takes('./steps/leaf.ts'),
      'src/methods/one/steps/leaf.ts': takes('../../../main/store/leaf.ts'),
      'src/methods/two/engine.ts': takes('../one/steps/leaf.ts'),
      'src/engine/d.ts': takes('../methods/one/steps/leaf.ts'),
      'src/main/lab/runs/a.ts': takes('../tasks/leaf.ts'),
      'src/main/lab/tasks/leaf.ts': leaf,
      'src/main/data/round.ts': takes('./about.ts'),
      'src/main/data/about.ts': `import { two } from './round.ts'\nexport const one = () => two\n`,
      'src/main/data/lost.ts': takes('./nowhere.ts'),
    })
    expect(found).toEqual(
      [
        'src/shared/a.ts: shared-imports-only',
        'src/shared/b.ts: shared-is-plain',
        'src/engine/a.ts: engine-imports-only',
        'src/engine/b.ts: engine-is-mathematics',
        'src/engine/c.ts: engine-is-mathematics',
        'src/main/store/a.ts: main-store-imports-only',
        'src/main/store/b.ts: main-store-imports-only',
        'src/engine/simd/a.ts: engine-simd-stays-below',
        'src/engine/d.ts: engine-imports-only',
        'src/methods/one/definition.ts: definitions-are-plain',
        'src/methods/one/steps/leaf.ts: engines-are-mathematics',
        'src/methods/two/engine.ts: kinds-know-no-method',
        'src/main/lab/runs/a.ts: main-lab-runs-stays-below',
        'src/main/lab/a.ts: main-lab-imports-only',
        'src/main/report/a.ts: main-report-imports-only',
        'src/main/engine-host/a.ts: main-engine-host-imports-only',
        'src/main/engine-host/b.ts: main-engine-host-imports-only',
        'src/main/engine-host/b.ts: nothing-imports-entries',
        'src/main/cli/a.ts: main-cli-imports-only',
        'src/renderer/a.ts: renderer-imports-only',
        'src/preload/a.ts: preload-imports-only',
        'src/main/data/about.ts: no-circular',
        'src/main/data/lost.ts: no-unresolvable',
      ].sort(),
    )
  })

  it('are kept by what they allow', async () => {
    expect(
      await broken({
        'src/shared/leaf.ts': `import { z } from 'zod'\nexport const one = z.literal(1)\n`,
        'src/engine/leaf.ts': `import * as tf from '@tensorflow/tfjs-core'\nexport { one } from '../shared/leaf.ts'\nexport const zero = () => tf.scalar(0)\n`,
        'src/methods/method.ts': takes('../shared/leaf.ts'),
        'src/methods/one/definition.ts': `export { two } from '../method.ts'\n`,
        'src/methods/one/engine.ts': `export { one } from './steps/leaf.ts'\n`,
        'src/methods/one/steps/leaf.ts': `export { two as one } from '../definition.ts'\nexport { one as three } from '../../../engine/leaf.ts'\n`,
        'src/engine/a.ts': takes('../methods/one/definition.ts').replace('one }', 'two as one }'),
        'src/main/store/leaf.ts': takes('../../shared/leaf.ts'),
        'src/main/engine-host/leaf.ts': takes('../../engine/leaf.ts'),
        'src/main/lab/leaf.ts': `export { two } from '../store/leaf.ts'\n`,
        'src/main/cli/leaf.ts': `export { two } from '../lab/leaf.ts'\n`,
      }),
    ).toEqual([])
  })
})
