/** Loaded before a utility process's module where there is no Electron: gives it `process.parentPort`, as documented. */
const send = process.send?.bind(process)
if (send === undefined) throw new Error('Started by hand.')

Object.assign(process, {
  parentPort: {
    postMessage: (message: unknown) => void send(message),
    on: (_event: 'message', handler: (event: { data: unknown; ports: [] }) => void) => {
      process.on('message', (data) => handler({ data, ports: [] }))
    },
  },
})
// Electron ends its utility processes when the app is gone.
process.once('disconnect', () => process.exit(1))
