// npm run package [-- --dir]: set-up, the window's code, then packages of the app for this machine's system, in dist/.
// --dir: the app as a folder alone. docs/packages.md says what is in them and how they are signed.
import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buildWindowOrExit } from './build/window.mjs'
import { appManifest, builderConfig, fuses } from './package/builder.mjs'
import { assertListed, packedFiles } from './package/contents.mjs'
import { filesInArchive, fusesOf, packedApps } from './package/packed-app.mjs'
import { findNpm } from './setup/prerequisites.mjs'
import { orExit, SetUpProblem } from './setup/problem.mjs'
import { run } from './setup/process.mjs'
import { setUpOrExit } from './setup/setup.mjs'
import { tensorflowFolder } from './setup/tensorflow.mjs'

// What is for processors fits into a package; the library for GPUs has gigabytes.
process.env['WEIGHTSCAPE_DEVICE'] = 'cpu'
const { node, env, context } = await setUpOrExit()
await buildWindowOrExit(context, node, false)
const { root } = context
const tools = join(root, 'scripts', 'package')
const app = join(root, 'out', 'package')
const output = join(root, 'dist')

/** The library, where its package looks for it; in the package it comes from elsewhere. */
const deps = 'node_modules/@tensorflow/tfjs-node-gpu/deps'

await orExit(async () => {
  const files = packedFiles(root)
  assertListed(files, root)
  await fill(files)
  await step('What is about to be packed does not work', node, [join(root, 'src/main/assembly/testing/rehearse-packed.ts'), app])
  await rm(join(app, deps))
  if (!existsSync(join(tools, 'node_modules', '.package-lock.json'))) {
    const [npm, ...words] = findNpm(context)
    await step('The packager could not be installed', npm, [...words, 'ci', '--ignore-scripts', '--prefix', tools])
  }
  await rm(output, { recursive: true, force: true })
  const config = join(root, 'out', 'package.json')
  const { version: electronVersion } = manifestOf(join(root, 'node_modules', 'electron'))
  await writeFile(config, JSON.stringify(builderConfig({ root, app, output, tensorflow: tensorflowFolder(context), electronVersion }, env)))
  const cli = join(tools, 'node_modules', 'electron-builder', 'cli.js')
  await step('No packages could be made', node, [cli, '--config', config, '--projectDir', app, ...process.argv.slice(2)])
  check(files.map(({ to }) => to))
}, false)

/** @param {readonly import('./package/contents.mjs').Packed[]} files */
async function fill(files) {
  await rm(app, { recursive: true, force: true })
  for (const { to, from } of files) {
    await mkdir(dirname(join(app, to)), { recursive: true })
    await cp(from, join(app, to))
  }
  await writeFile(join(app, 'package.json'), JSON.stringify(appManifest(manifestOf(root))))
  await symlink(tensorflowFolder(context), join(app, deps))
}

/** The archives hold what was listed, file by file, and the programs have their fuses. @param {readonly string[]} listed */
function check(listed) {
  const apps = packedApps(output)
  if (apps.length === 0) throw new SetUpProblem(`There is no app in ${output}.`, 'See what electron-builder says above.')
  for (const { archive, program } of apps) {
    const [wanted, found] = [new Set([...listed, 'package.json']), new Set(filesInArchive(archive))]
    const [missing, more] = [[...wanted].filter((path) => !found.has(path)), [...found].filter((path) => !wanted.has(path))]
    if (missing.length + more.length > 0)
      throw new SetUpProblem(
        `${archive} lacks ${missing.slice(0, 9).join(', ') || 'nothing'}, and has ${more.slice(0, 9).join(', ') || 'nothing'} too much.`,
        'Mend scripts/package/contents.mjs.',
      )
    const set = fusesOf(program)
    const wrong = Object.entries(fuses).filter(([name, value]) => set[name] !== value)
    if (wrong.length > 0)
      throw new SetUpProblem(
        `Of ${program} these fuses are not set: ${wrong.map(([name]) => name).join(', ')}.`,
        'See what electron-builder says above.',
      )
    context.say(`${archive}: ${found.size} files, those of the list; the fuses are set.`)
  }
}

/** @param {string} problem @param {string} program @param {readonly string[]} args */
async function step(problem, program, args) {
  const { code } = await run(program, args, { cwd: root, env, shown: true })
  if (code !== 0) throw new SetUpProblem(`${problem}, for the reason given above.`, 'Mend what is named, and start again.')
}

/** @param {string} folder */
function manifestOf(folder) {
  return /** @type {{ version: string, description: string, license: string }} */ (
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  )
}
