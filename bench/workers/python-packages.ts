/** Python packages of one rival, in a folder of their own under the cache. */
import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cacheFolder } from './cache.ts'
import { withLock } from './lock.ts'

/** How to run Python with a rival's packages. */
export interface PythonEnvironment {
  python: string
  environment: Record<string, string>
}

/**
 * Installs the packages of a requirements file unless they are there; what is said goes to `say`.
 * The folder's name carries the hash of the file and the Python version, and the folder gets its name
 * only when it is whole: so if it is there, it is right.
 * @throws Error when Python or pip is missing or pip fails
 */
export async function installPackages(rival: string, requirements: string, say: (line: string) => void): Promise<PythonEnvironment> {
  const { python, version } = await findPython()
  const root = join(cacheFolder(), 'rivals')
  const hash = createHash('sha256').update(readFileSync(requirements)).update(version).digest('hex').slice(0, 12)
  const folder = join(root, `${rival}-${hash}`)
  const found = { python, environment: { PYTHONPATH: folder, PYTHONNOUSERSITE: '1', PYTHONDONTWRITEBYTECODE: '' } }
  if (existsSync(folder)) return found
  mkdirSync(root, { recursive: true })
  const onWait = () => say(`waiting for another process that installs ${rival}`)
  await withLock(join(root, `${rival}.lock`), onWait, async () => {
    if (existsSync(folder)) return
    for (const name of readdirSync(root)) {
      if (name.startsWith(`${rival}-`)) rmSync(join(root, name), { recursive: true, force: true })
    }
    say(`installing ${readFileSync(requirements, 'utf8').trim().split('\n').join(', ')} into ${folder}`)
    const partial = `${folder}.partial`
    rmSync(partial, { recursive: true, force: true })
    await pip(python, ['install', '--disable-pip-version-check', '--progress-bar', 'off', '--target', partial, '-r', requirements], say)
    renameSync(partial, folder)
  })
  return found
}

async function findPython(): Promise<{ python: string; version: string }> {
  const given = process.env['PYTHON']
  for (const python of given !== undefined && given !== '' ? [given] : ['python3', 'python']) {
    try {
      const { stdout } = await promisify(execFile)(python, ['-c', 'import pip, sys; print(sys.version, sys.platform)'])
      return { python, version: stdout }
    } catch {
      // the next name
    }
  }
  throw new Error('Rivals need Python 3 with pip: install them (Debian: apt install python3-pip), or name a Python in the variable PYTHON.')
}

async function pip(python: string, args: readonly string[], say: (line: string) => void): Promise<void> {
  const child = spawn(python, ['-m', 'pip', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const stop = () => void child.kill()
  process.once('exit', stop)
  let last = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n')) {
        // Of some forty packages, those that take time are worth a line.
        if (/Downloading .* MB\)$/.test(line)) say(line.trim())
        else if (line.startsWith('Installing')) say('unpacking')
        else if (line.startsWith('ERROR')) last = line
      }
    })
  }
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  process.removeListener('exit', stop)
  if (code !== 0) throw new Error(`pip failed (exit ${code ?? 'by signal'}): ${last}`)
}
