/** What the machine must have before set-up starts; whatever is missing is said at once, a sentence each. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findProgram, run } from './process.mjs'
import { SetUpProblem } from './problem.mjs'

/**
 * @typedef {import('./context.mjs').Context} Context
 * @typedef {{ program: string, args: string[] }} Command
 * @typedef {'npm' | 'pip' | 'compiler'} Need
 */

/** Oldest pip that knows the platform names of today's wheels. */
const OLDEST_PIP = [20, 3]

/**
 * @param {readonly Need[]} needs
 * @param {Context} context
 * @returns {Promise<SetUpProblem[]>} one for each that is missing
 */
export async function missingPrerequisites(needs, context) {
  /** @type {Record<Need, (context: Context) => unknown>} */
  const checks = { npm: findNpm, pip: findPip, compiler: findCompiler }
  const problems = []
  for (const need of new Set(needs)) {
    try {
      await checks[need](context)
    } catch (error) {
      if (!(error instanceof SetUpProblem)) throw error
      problems.push(error)
    }
  }
  return problems
}

/** @param {string} version of this Node */
export function checkNode(version) {
  if (Number.parseInt(version) >= 20) return
  throw new SetUpProblem(
    `Node ${version} is too old: set-up needs Node 20 or newer.`,
    'Install a current Node (it brings npm): your system\'s packages, "brew install node", or the installer of the Node project.',
  )
}

/**
 * The npm that started this process, else the one on the PATH.
 * @param {Context} context
 * @returns {Command}
 */
export function findNpm({ env, platform }) {
  const started = env['npm_execpath']
  if (started !== undefined && /npm-cli\.[cm]?js$/.test(started) && existsSync(started)) {
    return { program: process.execPath, args: [started] }
  }
  const program = findProgram(['npm'], env, platform)
  // On Windows npm is a batch file, which cannot be started without a shell; its script lies beside it.
  if (program !== null && platform === 'win32') {
    const script = join(dirname(program), 'node_modules', 'npm', 'bin', 'npm-cli.js')
    if (existsSync(script)) return { program: process.execPath, args: [script] }
  }
  if (program !== null) return { program, args: [] }
  throw new SetUpProblem('npm is missing: it installs the packages.', remedy(platform, { apt: 'npm', brew: 'node', other: 'npm' }))
}

/**
 * Python with pip, new enough.
 * @param {Context} context
 * @returns {Promise<Command>} the command that stands for `pip`
 */
export async function findPip(context) {
  const python = findPython(context)
  const { code, stdout } = await run(python.program, [...python.args, '-m', 'pip', '--version'], { env: context.env })
  const version = /^pip (\d+)\.(\d+)/.exec(stdout)
  if (code !== 0 || version === null) {
    throw new SetUpProblem(
      `pip is missing (${python.program} -m pip does not run): it fetches native TensorFlow.`,
      remedy(context.platform, { apt: 'python3-pip', brew: 'python', other: 'pip for Python 3' }),
    )
  }
  const [major, minor] = [Number(version[1]), Number(version[2])]
  if (major < OLDEST_PIP[0] || (major === OLDEST_PIP[0] && minor < OLDEST_PIP[1])) {
    throw new SetUpProblem(
      `pip ${major}.${minor} (${python.program} -m pip) is too old: fetching native TensorFlow needs pip ${OLDEST_PIP.join('.')} or newer.`,
      `Run "${python.program} -m pip install --upgrade pip", or put a newer Python first on the PATH.`,
    )
  }
  return { program: python.program, args: [...python.args, '-m', 'pip'] }
}

/**
 * @param {Context} context
 * @returns {Command}
 */
export function findPython({ env, platform }) {
  if (platform === 'win32') {
    const launcher = findProgram(['py'], env, platform)
    if (launcher !== null) return { program: launcher, args: ['-3'] }
  }
  const program = findProgram(platform === 'win32' ? ['python', 'python3'] : ['python3', 'python'], env, platform)
  if (program !== null) return { program, args: [] }
  throw new SetUpProblem(
    'Python 3 is missing: its pip fetches native TensorFlow.',
    remedy(platform, { apt: 'python3 python3-pip', brew: 'python', other: 'Python 3 with pip' }),
  )
}

/**
 * The C++ compiler: CXX, else g++ or clang++.
 * @param {Context} context
 * @returns {string}
 */
export function findCompiler({ env, platform }) {
  const program = findProgram([...(env['CXX'] ? [env['CXX']] : []), 'g++', 'clang++'], env, platform)
  if (program !== null) return program
  throw new SetUpProblem(
    'A C++ compiler is missing (g++ or clang++): it builds the binding between Node and TensorFlow.',
    platform === 'darwin' ? 'Run "xcode-select --install".' : remedy(platform, { apt: 'g++', brew: 'llvm', other: 'g++' }),
  )
}

/**
 * @param {NodeJS.Platform} platform
 * @param {{ apt: string, brew: string, other: string }} names
 */
function remedy(platform, names) {
  if (platform === 'darwin') return `Run "brew install ${names.brew}".`
  if (platform === 'win32') return `Weightscape runs in WSL 2 on Windows: there, run "sudo apt install ${names.apt}".`
  if (existsSync('/usr/bin/apt-get')) return `Run "sudo apt install ${names.apt}".`
  return `Install ${names.other} with your system's package manager.`
}
