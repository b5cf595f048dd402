/** `serve`. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { LabError } from '../../../shared/errors.ts'
import type { Lab } from '../../lab/lab.ts'
import { defaultDataFolder } from '../../lab/system/data-folder.ts'
import { wholeNumber } from '../option-values.ts'
import type { CommonOptions } from '../session.ts'
import type { World } from '../cli-host.ts'

/** Where the door is unless it is taken or another is asked for: an open page finds it again after a restart. */
const usualPort = 8765

interface ServeOptions extends CommonOptions {
  port?: number
  socket?: string
  open?: boolean
}

export function addServeCommand(program: Command, world: World): void {
  program
    .command('serve')
    .summary('the lab for a browser')
    .description(
      'Opens the lab for browsers of this machine at a printed address; each address lets one browser in, and is followed by a new one. Nothing is ever opened to a network. Ctrl+C ends it: what trains is paused with a checkpoint.',
    )
    .option('--port <port>', `port of this machine; default: ${usualPort}, or any free one if that is taken`, wholeNumber(0, 65535))
    .option('--socket <path>', 'a Unix socket that only you can use, instead of a port')
    .option('--open', 'open a browser here')
    .addHelpText(
      'after',
      `
A lab on a machine with a GPU, used from your desk:
  there:  ${world.program} serve --port ${usualPort}
  here:   ssh -N -L ${usualPort}:127.0.0.1:${usualPort} USER@THERE
  then open the address that was printed there, in a browser here.

Where others have accounts on that machine, a socket keeps them out even of the port:
  there:  ${world.program} serve --socket ~/lab.sock
  here:   ssh -N -L ${usualPort}:/home/USER/lab.sock USER@THERE
  then open the printed address with ${usualPort} in the place of PORT.`,
    )
    .action((options: ServeOptions) => serve(world, options))
}

async function serve(world: World, options: ServeOptions): Promise<void> {
  if (options.port !== undefined && options.socket !== undefined) {
    throw new LabError('wrong-use', 'The door can be at a port or at a socket, not at both.', 'Leave out --port or --socket.')
  }
  const [{ createLab }, { createDatasetImporter }, { createApi }, { surfaceOf }, { openDoor }, { readOrMakeKey }, { endLab }] =
    await Promise.all([
      import('../../lab/lab.ts'),
      import('../../data-import/importer.ts'),
      import('../../api/api.ts'),
      import('../../api/handlers/router.ts'),
      import('../../server/http-server.ts'),
      import('../../server/key-file.ts'),
      import('../../api/end-lab.ts'),
    ])
  const say = speech(world, options.json === true)
  const dataDir = options.dataDir ?? defaultDataFolder(world)
  const lab = createLab({
    dataDir,
    engine: await world.openEngine({ besideWindow: true }),
    importer: createDatasetImporter(),
    clock: () => world.now(),
    version: world.version,
    command: 'serve',
    ...(world.demo === undefined ? {} : { demo: world.demo }),
  })
  const api = createApi(surfaceOf(lab), () => world.now())
  const stopped = Promise.withResolvers<undefined>()
  const stopListening = world.onInterrupt(() => stopped.resolve(undefined))
  try {
    const key = await readOrMakeKey(dataDir)
    const place = await firstOpen(options, (at) =>
      openDoor({ api, pages: world.pages, place: at, key, onAddress: (address) => say.nextAddress(address) }),
    )
    say.listening(place.door.address(), place.at, dataDir)
    if (options.open === true && !('socket' in place.at)) world.openBrowser(place.door.address())
    await stopped.promise
    await place.door.close()
  } catch (error) {
    stopListening()
    await lab.close()
    throw error
  }
  const paused = trainingRuns(lab)
  const ending = endLab(lab)
  let hurried = 0
  stopListening()
  const stopHurrying = world.onInterrupt(() => {
    hurried++
    if (hurried === 1) ending.hurry()
    else world.exit(130)
  })
  say.ending(paused)
  await ending.ended
  stopHurrying()
  say.ended(paused)
}

type Place = { port: number } | { socket: string }

/** At the usual port where none is asked for, or else wherever there is room. */
async function firstOpen<D>({ port, socket }: ServeOptions, open: (place: Place) => Promise<D>): Promise<{ door: D; at: Place }> {
  const at: Place = socket === undefined ? { port: port ?? usualPort } : { socket: resolve(socket) }
  try {
    return { door: await open(at), at }
  } catch (error) {
    const mayBeElsewhere = socket === undefined && port === undefined && error instanceof LabError && error.code === 'conflict'
    if (!mayBeElsewhere) throw error
    return { door: await open({ port: 0 }), at: { port: 0 } }
  }
}

function trainingRuns(lab: Lab): string[] {
  return lab.jobs.list().flatMap(({ kind, run }) => (kind === 'train' && run !== null ? [run] : []))
}

/** What a person or a program is told. Addresses stand on stdout alone: what goes to stderr may end in a log. */
function speech(world: World, json: boolean) {
  const event = (name: string, fields: object): void => world.stdout(`${JSON.stringify({ event: name, ...fields })}\n`)
  const runs = (ids: readonly string[]): string => (ids.length === 1 ? ids[0] : `${ids.length} runs`)
  return {
    listening(url: string, at: Place, dataDir: string): void {
      const port = Number(URL.parse(url)?.port) || 80 // which addresses leave out
      if (json) {
        event('listening', { url, ...('socket' in at ? { socket: at.socket } : { port }), dataDir })
        return
      }
      world.stdout(`${url}\n`)
      world.stderr(
        'socket' in at
          ? `The lab listens on ${at.socket}; PORT is your tunnel's (serve --help tells how). Ctrl+C ends it.\n`
          : `The lab is open: the address above lets one browser in. Ctrl+C ends it.\n`,
      )
    },
    nextAddress(url: string): void {
      if (json) event('address', { url })
      else world.stdout(`A browser came in. For another one: ${url}\n`)
    },
    ending(paused: readonly string[]): void {
      if (paused.length > 0 && !json) world.stderr(`Pausing ${runs(paused)} after the step under way. Press Ctrl+C again to end at once.\n`)
    },
    ended(paused: readonly string[]): void {
      if (json) event('result', { paused })
      else if (paused.length > 0) world.stderr(`${runs(paused)} can go on with: ${world.program} resume ${paused[0]}\n`)
    },
  }
}
