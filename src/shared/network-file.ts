/** Files that hold the weights of networks, told by their names alone: what a window does with them before anything was read. */

/** Read: arrays by name, and graphs. An NPZ may as well hold images, and is taken for these. */
const read = ['.safetensors', '.onnx']

/** Never read, but of networks all the same: the import of networks says how to save them otherwise. */
const refused = ['.pt', '.pth', '.ckpt', '.keras']

export const isNetworkFile = (path: string): boolean => [...read, ...refused].some((ending) => path.toLowerCase().endsWith(ending))
