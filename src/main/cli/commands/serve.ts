/** `serve`. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { LabError, toErrorValue } from '../../../shared/errors.ts'
import type { Lab } from '../../lab/lab.ts'
import { wholeNumber } from '../option-values.ts'
import { labOptions, type CommonOptions } from '../session.ts'
import type { CliHost } from '../cli-host.ts'

/** Where the server is unless it is taken or another is asked for: an open page finds it again after a restart. */
const defaultPort = 8765

interface ServeOptions extends CommonOptions {
  port?: number
  socket?: string
  open?: boolean
}

export function addServeCommand(program: Command, host: CliHost): void {
  program
    .command('serve')
    .summary('the lab for a browser')
    .description(
      'Opens the lab for browsers of this machine at a printed address; each address lets one browser in, and is followed by a new one. Nothing is ever opened to a network. Ctrl+C ends it: what trains is paused with a checkpoint.',
    )
    .option('--port <port>', `port of this machine; default: ${defaultPort}, or any free one if that is taken`, wholeNumber(0, 65535))
    .option('--socket <path>', 'a Unix socket that only you can use, instead of a port')
    .option('--open', 'open a browser here')
    .addHelpText(
      'after',
      `
A lab on a machine with a GPU, used from your desk:
  there:  ${host.program} serve --port ${defaultPort}
  here:   ssh -N -L ${defaultPort}:127.0.0.1:${defaultPort} USER@THERE
  then open the address that was printed there, in a browser here.

Where others have accounts on that machine, a socket keeps them out even of the port:
  there:  ${host.program} serve --socket ~/lab.sock
  here:   ssh -N -L ${defaultPort}:/home/USER/lab.sock USER@THERE
  then open the printed address with ${defaultPort} in the place of PORT.`,
    )
    .action((options: ServeOptions) => serve(host, options))
}

async function serve(host: CliHost, options: ServeOptions): Promise<void> {
  if (options.port !== undefined && options.socket !== undefined) {
    throw new LabError('invalid-argument', 'The server can be at a port or at a socket, not at both.', 'Leave out --port or --socket.')
  }
  const [{ openLab, repairDataFolder }, { createApi }, { openRepairable }, { openHttpServer }, { readOrMakeKey }, { closeLab }] =
    await Promise.all([
      import('../../assembly/open-lab.ts'),
      import('../../api/api.ts'),
      import('../../api/handlers/repairable.ts'),
      import('../../server/http-server.ts'),
      import('../../server/key-file.ts'),
      import('../../api/close-lab.ts'),
    ])
  const say = speech(host, options.json === true)
  const opening = labOptions(host, options)
  const { dataDir } = opening
  const { router, damage, lab } = openRepairable(
    () => openLab({ ...opening, besideWindow: true, command: 'serve' }),
    () => repairDataFolder(dataDir, { clock: opening.clock }),
  )
  const api = createApi(router, () => host.now())
  const stopped = Promise.withResolvers<undefined>()
  const stopListening = host.onInterrupt(() => stopped.resolve(undefined))
  host.onUnread?.(() => undefined) // browsers that are in want nothing that is printed
  try {
    const key = await readOrMakeKey(dataDir)
    const place = await firstOpen(options, (at) =>
      openHttpServer({ api, pages: host.pages, place: at, key, now: () => host.now(), onAddress: (address) => say.nextAddress(address) }),
    )
    say.listening(place.server.address(), place.at, dataDir)
    if (damage !== null) say.damaged(damage)
    if (options.open === true && !('socket' in place.at)) host.openBrowser(place.server.address())
    await stopped.promise
    await place.server.close()
  } catch (error) {
    stopListening()
    await lab()?.close()
    throw error
  }
  const opened = lab()
  if (opened === null) {
    stopListening()
    return
  }
  const paused = trainingRuns(opened)
  const ending = closeLab(opened)
  let hurried = 0
  stopListening()
  const stopHurrying = host.onInterrupt(() => {
    hurried++
    if (hurried === 1) ending.hurry()
    else host.exit(130)
  })
  say.ending(paused)
  await ending.ended
  stopHurrying()
  say.ended(paused)
}

type Place = { port: number } | { socket: string }

/** At the usual port where none is asked for, or else wherever there is room. */
async function firstOpen<D>({ port, socket }: ServeOptions, open: (place: Place) => Promise<D>): Promise<{ server: D; at: Place }> {
  const at: Place = socket === undefined ? { port: port ?? defaultPort } : { socket: resolve(socket) }
  try {
    return { server: await open(at), at }
  } catch (error) {
    const mayBeElsewhere = socket === undefined && port === undefined && error instanceof LabError && error.code === 'conflict'
    if (!mayBeElsewhere) throw error
    return { server: await open({ port: 0 }), at: { port: 0 } }
  }
}

function trainingRuns(lab: Lab): string[] {
  return lab.jobs.list().flatMap(({ kind, run }) => (kind === 'train' && run !== null ? [run] : []))
}

/** What a person or a program is told. Addresses stand on stdout alone: what goes to stderr may end in a log. */
function speech(host: CliHost, json: boolean) {
  const event = (name: string, fields: object): void => host.stdout(`${JSON.stringify({ event: name, ...fields })}\n`)
  const runs = (ids: readonly string[]): string => (ids.length === 1 ? ids[0] : `${ids.length} runs`)
  return {
    listening(url: string, at: Place, dataDir: string): void {
      const port = Number(URL.parse(url)?.port) || 80 // which addresses leave out
      if (json) {
        event('listening', { url, ...('socket' in at ? { socket: at.socket } : { port }), dataDir })
        return
      }
      host.stdout(`${url}\n`)
      host.stderr(
        'socket' in at
          ? `The lab listens on ${at.socket}; PORT is your tunnel's (serve --help tells how). Ctrl+C ends it.\n`
          : `The lab is open: the address above lets one browser in. Ctrl+C ends it.\n`,
      )
    },
    damaged(error: LabError): void {
      if (json) event('damage', toErrorValue(error))
      else host.stderr(`${error.message} The window offers to repair it.\n`)
    },
    nextAddress(url: string): void {
      if (json) event('address', { url })
      else host.stdout(`A browser has connected. For another one: ${url}\n`)
    },
    ending(paused: readonly string[]): void {
      if (paused.length > 0 && !json) host.stderr(`Pausing ${runs(paused)} after the step under way. Press Ctrl+C again to end at once.\n`)
    },
    ended(paused: readonly string[]): void {
      if (json) event('result', { paused })
      else if (paused.length > 0) host.stderr(`${runs(paused)} can go on with: ${host.program} resume ${paused[0]}\n`)
    },
  }
}
