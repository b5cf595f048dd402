/** What the machine must have before set-up starts; whatever is missing is said at once, a sentence each. */
import { existsSync } from 'node:fs'
import { findProgram, run } from './process.mjs'
import { SetUpProblem } from './problem.mjs'

/**
 * @typedef {import('./context.mjs').Context} Context
 * @typedef {'npm' | 'pip' | 'compiler'} Need
 */

/** Oldest pip that knows the platform names of today's wheels. */
const OLDEST_PIP = [20, 3]

/** @type {Readonly<Record<Need, (context: Context) => unknown>>} each throws a SetUpProblem where it is missing */
const CHECKS = { npm: findNpm, pip: checkPip, compiler: findCompiler }

/**
 * @param {readonly Need[]} needs
 * @param {Context} context
 * @returns {Promise<SetUpProblem[]>} one for each that is missing
 */
export async function missingPrerequisites(needs, context) {
  const problems = []
  for (const need of needs) {
    try {
      await CHECKS[need](context)
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
 * @returns {[program: string, ...args: string[]]}
 */
export function findNpm({ env, platform }) {
  const started = env['npm_execpath']
  if (started !== undefined && /npm-cli\.[cm]?js$/.test(started) && existsSync(started)) return [process.execPath, started]
  const program = findProgram(['npm'], env)
  if (program !== null) return [program]
  throw new SetUpProblem('npm is missing: it installs the packages.', remedy(platform, { apt: 'npm', brew: 'node', other: 'npm' }))
}

/**
 * Python with pip, new enough.
 * @param {Context} context
 */
async function checkPip(context) {
  const python = findPython(context)
  const { code, stdout } = await run(python, ['-m', 'pip', '--version'], { env: context.env })
  const version = /^pip (\d+)\.(\d+)/.exec(stdout)?.slice(1).map(Number)
  if (code !== 0 || version === undefined) {
    throw new SetUpProblem(
      `pip is missing (${python} -m pip does not run): it fetches native TensorFlow.`,
      remedy(context.platform, { apt: 'python3-pip', brew: 'python', other: 'pip for Python 3' }),
    )
  }
  if (version[0] < OLDEST_PIP[0] || (version[0] === OLDEST_PIP[0] && version[1] < OLDEST_PIP[1])) {
    throw new SetUpProblem(
      `pip ${version.join('.')} (${python} -m pip) is too old: fetching native TensorFlow needs pip ${OLDEST_PIP.join('.')} or newer.`,
      `Run "${python} -m pip install --upgrade pip", or put a newer Python first on the PATH.`,
    )
  }
}

/**
 * @param {Context} context
 * @returns {string} path of Python 3
 */
export function findPython({ env, platform }) {
  const program = findProgram(['python3', 'python'], env)
  if (program !== null) return program
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
  const program = findProgram([...(env['CXX'] ? [env['CXX']] : []), 'g++', 'clang++'], env)
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
  if (existsSync('/usr/bin/apt-get')) return `Run "sudo apt install ${names.apt}".`
  return `Install ${names.other} with your system's package manager.`
}
