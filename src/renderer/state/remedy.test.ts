import { expect, test } from 'vitest'
import { actionSchema } from '../../shared/help.ts'
import { match } from '../app/route.ts'
import { routes } from '../app/routes.ts'
import { remedyToShow } from './remedy.ts'

test.each(actionSchema.options)('what helps with "%s" is at an address that there is', (action) => {
  const { link } = remedyToShow({ remedy: 'Do it.', help: { action, run: 'calm-otter' } })
  expect(link?.title).toMatch(/^[A-Z]/)
  expect(routes.filter(({ pattern }) => match(pattern, link!.href.slice(1)) !== null)).not.toEqual([])
})
