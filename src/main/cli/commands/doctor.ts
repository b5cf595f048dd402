/** `doctor`. */
import type { Command } from 'commander'
import { unusedWords } from '../../../shared/engine-host.ts'
import { plural } from '../../../shared/wording.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import type { CliHost } from '../cli-host.ts'

export function addDoctorCommand(program: Command, host: CliHost): void {
  program
    .command('doctor')
    .summary('what TensorFlow really runs on here')
    .description(
      'Loads TensorFlow as every job does, and says which device it runs on and how networks are run there. Where NVIDIA’s driver shows a GPU that TensorFlow does not use, it says why, and what to do.',
    )
    .addHelpText('after', `\nExamples:\n  ${host.program} doctor\n  ${host.program} doctor --json`)
    .action((options: CommonOptions) =>
      session(host, options, { readOnly: true }, async (lab, output) => {
        const [found, { cpu, cores, farmProcesses }] = [await lab.system.device(), await lab.system.info()]
        const { versions, gpu, unused, networks } = found
        const text = [
          `TensorFlow ${versions['tensorflow']} works, and runs on ${gpu === null ? `the processor, ${cpu} with ${cores} cores` : `the GPU, ${gpu}`}.`,
          `Networks are run ${networks}${networks === 'all at once' ? '' : `, in ${plural(farmProcesses, 'process', 'processes')}`}.`,
          unused === null ? (gpu === null ? 'No NVIDIA GPU is seen.' : '') : unusedWords(unused),
        ]
        output.result(found, text.filter((line) => line !== '').join('\n'))
      }),
    )
}
