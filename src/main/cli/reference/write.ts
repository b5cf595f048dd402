/** `npm run reference`: writes the page anew. */
import { writeFileSync } from 'node:fs'
import { referencePage } from './reference.ts'

writeFileSync(new URL('../../../../docs/reference.md', import.meta.url), referencePage())
