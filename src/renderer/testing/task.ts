/** A task that is done, but for what a test says of it. */
import type { Task } from '../../shared/contract/tasks.ts'

export const taskOf = (part: Partial<Task> = {}): Task => ({
  id: 't',
  kind: 'map',
  title: 'A task',
  run: 'heron',
  state: 'done',
  stage: '',
  done: 0,
  total: 0,
  seconds: 0,
  remaining: null,
  values: {},
  made: [],
  error: null,
  command: null,
  createdAt: 1,
  endedAt: null,
  ...part,
})
