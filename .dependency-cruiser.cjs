// Which folder may import what. `npm test -- arrows` runs it; scripts/arrows.test.mjs shows that it bites.

/** What is known of kinds of layers, methods and analyses before anything runs: every process may import it. */
const plain =
  '^src/((layers|analyses)/(?!.*/(passes/|(engine|pass|lab|report[\\w-]*|testing)[.]ts$))|methods/([^/]+/(definition|schema|presets|widths|parameter-layout|exported)|[^/]+)[.]ts$)'
/** Of a method everything else is its engine's. */
const methodEngines = '^src/methods/[^/]+/(?!(definition|schema|presets|widths|parameter-layout|exported)[.]ts$)'

/**
 * A folder under src may import itself, the folders named, what is plain, and packages.
 * @param {string} folder
 * @param {string[]} allowed
 * @param {string} files that it may import, too
 * @returns {import('dependency-cruiser').IForbiddenRuleType}
 */
function only(folder, allowed, files = '$^') {
  return {
    name: `${folder.replaceAll('/', '-')}-imports-only`,
    comment: `src/${folder} may import from src only: itself${allowed.map((name) => `, ${name}`).join('')}`,
    severity: 'error',
    // What makes fixtures puts a lab together, as tests do.
    from: { path: `^src/${folder}/`, pathNot: '[.]test[.]ts$|/fixtures/' },
    to: { path: '^(src|bench|scripts)/', pathNot: `^src/(${[folder, ...allowed].join('|')})/|${plain}|${files}` },
  }
}

/**
 * Folders inside one under src, lowest first: none may import one that stands after it, so they form no circle.
 * @param {string} folder
 * @param {string[]} lowestFirst
 */
function layers(folder, lowestFirst) {
  return lowestFirst.slice(0, -1).map((name, i) => ({
    name: `${folder.replaceAll('/', '-')}-${name}-stays-below`,
    comment: `src/${folder}/${name} may import none of the folders above it: ${lowestFirst.slice(i + 1).join(', ')}`,
    severity: /** @type {const} */ ('error'),
    from: { path: `^src/${folder}/${name}/`, pathNot: '[.]test[.]ts$|/testing/' },
    to: { path: `^src/${folder}/(${lowestFirst.slice(i + 1).join('|')})/` },
  }))
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    only('shared', []),
    only('engine', ['shared']),
    only('main/process', ['shared']),
    only('main/store', ['shared']),
    only('main/data', ['shared']),
    only('main/report', ['shared']),
    only('main/data-import', ['shared', 'main/data', 'main/process']),
    only('main/engine-host', ['shared', 'engine', 'main/process']),
    only('toy', ['shared', 'engine/random', 'engine/training', 'main/report/figures']),
    only('main/lab', ['shared', 'toy', 'main/store', 'main/data', 'main/report', 'main/process']),
    only('main/assembly', ['shared', 'main/lab', 'main/engine-host', 'main/data-import', 'main/process']),
    only('main/api', ['shared', 'main/lab']),
    only('main/server', ['shared', 'main/api']),
    only('main/cli', ['shared', 'toy', 'main/lab', 'main/api', 'main/server', 'main/assembly']),
    only('main/desktop', ['shared', 'main/lab', 'main/api', 'main/assembly', 'main/process']),
    only('preload', ['shared']),
    only('renderer', ['shared', 'toy', 'main/report/figures'], '^src/analyses/[^/]+/report-[\\w-]+[.]ts$'),
    ...layers('engine', [
      'job',
      'simd',
      'native',
      'random',
      'target-network',
      'gauge',
      'matching',
      'diversity',
      'farm',
      'methods',
      'evaluation',
      'training',
      'distillation',
      'ensemble',
      'analysis',
      'job-runner',
    ]),
    ...layers('main/lab', [
      'formats',
      'worker-thread',
      'context',
      'experiment',
      'imports',
      'runs',
      'results',
      'exports',
      'tasks',
      'system',
    ]),
    {
      name: 'engine-is-mathematics',
      comment: 'The engine knows no files, processes or windows: of packages, only the TensorFlow.js core and what assigns',
      severity: 'error',
      from: { path: '^src/engine/', pathNot: '[.]test[.]ts$' },
      to: { dependencyTypesNot: ['local', 'type-only'], pathNot: '^src/|(^|/)node_modules/(@tensorflow/tfjs-core|munkres)/' },
    },
    {
      name: 'shared-is-plain',
      comment: 'shared is used by every runtime: of packages, only zod',
      severity: 'error',
      from: { path: '^src/shared/', pathNot: '[.]test[.]ts$' },
      to: { pathNot: '^src/|(^|/)node_modules/zod/' },
    },
    {
      name: 'definitions-are-plain',
      comment: 'What a kind is is known in every process: of packages, only zod; of src, only shared and other definitions',
      severity: 'error',
      from: { path: plain, pathNot: '[.]test[.]ts$' },
      to: { dependencyTypesNot: ['type-only'], pathNot: `^src/shared/|${plain}|(^|/)node_modules/zod/` },
    },
    {
      name: 'engines-are-mathematics',
      comment: 'What a kind does may import the engine, and what is plain',
      severity: 'error',
      from: { path: `^src/(layers|analyses)/.*/(passes/|(engine|pass)[.]ts$)|${methodEngines}`, pathNot: '[.]test[.]ts$' },
      to: { path: '^(src|bench|scripts)/', pathNot: `^src/(shared|engine|layers|methods|analyses)/` },
    },
    {
      name: 'kinds-know-no-method',
      comment: 'A method is loaded by its name: no other method, analysis or layer imports what it does',
      severity: 'error',
      from: { path: '^src/(layers|analyses|methods)/([^/]+)/', pathNot: '[.]test[.]ts$' },
      to: { path: '^src/methods/[^/]+/', pathNot: '^src/$1/$2/' },
    },
    {
      name: 'nothing-imports-entries',
      comment:
        'Command line and desktop are entries, and the server is opened by the command line: nobody else imports them but the bench of the window',
      severity: 'error',
      from: { pathNot: '^src/main/(cli|server|desktop)/|^bench/ui/|[.]test[.]ts$' },
      to: { path: '^src/main/(cli|server|desktop)/' },
    },
    {
      name: 'no-circular',
      comment: 'Modules that import each other cannot be read one at a time',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that leads nowhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'require', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.svelte', '.d.ts'],
    },
  },
}
