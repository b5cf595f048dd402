import type { Bench } from './context.ts'
export const tsneBench: Bench = () => Promise.reject(new Error('to come'))
