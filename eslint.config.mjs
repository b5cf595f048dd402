// Lint rules of what is written with Svelte: typescript-eslint's strict, type-aware set and the plugin's own, relaxed only
// where numeric code would drown in it. The same rules for all other files stand in .oxlintrc.json (docs/decisions/lint.md).
import svelte from 'eslint-plugin-svelte'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

const written = ['**/*.svelte', '**/*.svelte.ts']

const config = defineConfig(
  {
    files: written,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.svelte'] } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Elements of arrays are typed as always there, so a test for a missing one looks needless to the rule.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  ...svelte.configs.recommended,
  {
    files: written,
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  {
    // The linter sees components as `any` where svelte-check sees their types, which it checks strictly.
    files: written,
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // Props are taken apart by their nature.
      '@typescript-eslint/unbound-method': 'off',
      // An effect names what it depends on: `void stamp`.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // State holds values that are replaced whole, not collections that change.
      'svelte/prefer-svelte-reactivity': 'off',
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { excludedRunes: ['$props', '$derived', '$state'], destructuring: 'all' }],
    },
  },
)

export default config
