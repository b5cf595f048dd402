/** What makes a result or guards data, by area: the files that `npm run mutants -- AREA` puts bugs into. @type {Readonly<Record<string, readonly string[]>>} */
export const AREAS = {
  ensemble: ['src/engine/ensemble/*.ts'],
  distillation: ['src/engine/distillation/*.ts'],
  evaluation: ['src/engine/evaluation/*.ts', 'src/engine/diversity/*.ts', 'src/engine/job-runner/*.ts'],
  map: ['src/engine/analysis/*.ts'],
  objective: ['src/methods/*/training/*.ts', 'src/methods/*/sampling/*.ts', 'src/engine/training/*.ts', 'src/shared/learning-rate.ts'],
  splits: ['src/shared/split.ts', 'src/main/data/{split-dataset,split-names,shuffle}.ts', 'src/main/engine-host/read-data.ts'],
  reuse: ['src/main/lab/results/*.ts', 'src/main/store/results/*.ts'],
  report: ['src/main/report/{content,figures}/*.ts', 'src/main/report/*.ts', 'src/analyses/*/report*.ts'],
  charts: ['src/renderer/charts/**/*.ts'],
  estimates: ['src/main/lab/runs/planning.ts', 'src/main/engine-host/memory.ts', 'src/engine/job/pacer.ts'],
  checkpoints: ['src/main/store/runs/{checkpoints,retention,metrics}.ts', 'src/main/lab/runs/{run-checkpoints,resume-point}.ts'],
  files: ['src/main/store/files/*.ts', 'src/main/store/datasets/*.ts'],
  server: ['src/main/server/*.ts'],
}
