// Lint rules of what is written with Svelte: typescript-eslint's strict set and the plugin's own. The rules that need types are oxlint's,
// as are all rules of all other files (docs/decisions/lint.md).
import svelte from 'eslint-plugin-svelte'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

const written = ['**/*.svelte', '**/*.svelte.ts']

const config = defineConfig(
  {
    files: written,
    extends: [tseslint.configs.strict],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'require-await': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  ...svelte.configs.recommended,
  {
    files: written,
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  {
    files: written,
    rules: {
      // State holds values that are replaced whole, not collections that change.
      'svelte/prefer-svelte-reactivity': 'off',
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { excludedRunes: ['$props', '$derived', '$state'], destructuring: 'all' }],
    },
  },
)

export default config
