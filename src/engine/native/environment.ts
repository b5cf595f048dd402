/**
 * Environment variables that make TensorFlow's kernels faster in an engine process. The C library
 * reads them when a process starts: they must be in the environment it is spawned with.
 */

/**
 * For glibc (others ignore it): temporaries of up to 1 GiB come from the heap, which keeps what is
 * freed instead of giving it back to the system and faulting it in again, page by page; and the heap
 * asks for huge pages. docs/decisions/target-arithmetic.md has the figures.
 */
export const recommendedEnvironment: Readonly<Record<string, string>> = {
  GLIBC_TUNABLES: [
    'glibc.malloc.mmap_threshold=1073741824',
    'glibc.malloc.trim_threshold=1073741824',
    'glibc.malloc.top_pad=67108864',
    'glibc.malloc.hugetlb=1',
  ].join(':'),
}
