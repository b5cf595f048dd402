/**
 * Vector kernels of a target network's training: convolutions that are max-pooled by windows of 2 x 2 and
 * pass a ReLU. On the way back only one place of a window has a gradient, and none where the ReLU is shut:
 * a list of those entries is gone through, instead of a convolution of mostly zeros.
 *
 * Pointers, pitches and offsets are in bytes, counts in numbers (float32); images are channels-last. An
 * entry is { offset i32, d f32 }: a gradient, and where in an image, within its margin, the patch starts
 * that it belongs to. Compiled into sparse-kernels-wasm.ts by `npm run build:simd`.
 */
import { advance, again, each, locals, numbered, whileBelow } from '../simd/wat.ts'

/** Goes through entries, with d and the place p in x that each names. */
const eachEntry = (vectors: number, name: string, pointer: string, work: (i: number) => string): string => `
    (local $p i32) ${locals('v128', 'd', ...numbered(name, vectors))}
    ${each(vectors, (i) => `(local.set $${name}${i} (v128.load offset=${16 * i} (local.get $${pointer})))`)}
    ${whileBelow('entry', 'end')}
      (local.set $p (i32.add (local.get $x) (i32.load (local.get $entry))))
      (local.set $d (v128.load32_splat offset=4 (local.get $entry)))
      ${each(vectors, work)}
      ${advance(8, 'entry')}
      ${again}`

/** acc += the sum of d * x[offset ...] over entries, so many vectors at a time. */
const gather = (vectors: number): string => `
  (func $gather${vectors} (param $entry i32) (param $end i32) (param $x i32) (param $acc i32)
    ${eachEntry(
      vectors,
      'a',
      'acc',
      (i) => `(local.set $a${i} (f32x4.relaxed_madd (v128.load offset=${16 * i} (local.get $p)) (local.get $d) (local.get $a${i})))`,
    )}
    ${each(vectors, (i) => `(v128.store offset=${16 * i} (local.get $acc) (local.get $a${i}))`)})`

/** x[offset ...] += d * kernel for each entry, so many vectors at a time. */
const scatter = (vectors: number): string => `
  (func $scatter${vectors} (param $entry i32) (param $end i32) (param $x i32) (param $kernel i32)
    ${eachEntry(
      vectors,
      'k',
      'kernel',
      (i) => `(v128.store offset=${16 * i} (local.get $p)
        (f32x4.relaxed_madd (local.get $k${i}) (local.get $d) (v128.load offset=${16 * i} (local.get $p))))`,
    )})`

/**
 * Of one image, gathers or scatters between all filters' lists and kernels[filter][rows][run]. A filter's list starts
 * `listPitch` behind the one before, ends[filter] points to its end. The patch is `rows` runs of image rows; run, a
 * multiple of 4, is the kernel's width times channels. All filters take one row of the kernel before any takes the next:
 * the rows of the image that it meets (one in two) fit the innermost cache.
 */
const eachFilter = (name: string, work: 'gather' | 'scatter'): string => `
  (func (export "${name}")
    (param $lists i32) (param $listPitch i32) (param $ends i32) (param $filters i32)
    (param $image i32) (param $pitch i32) (param $rows i32) (param $run i32) (param $kernels i32)
    ${locals('i32', 'row', 'f', 'list', 'end', 'k', 'p', 'stop', 'size')}
    (local.set $size (i32.shl (i32.mul (local.get $rows) (local.get $run)) (i32.const 2)))
    (local.set $stop (i32.add (local.get $image) (i32.shl (local.get $run) (i32.const 2))))
    (loop $nextRow
      (local.set $f (i32.const 0))
      (local.set $list (local.get $lists))
      (local.set $k (i32.add (local.get $kernels) (i32.mul (local.get $row) (i32.shl (local.get $run) (i32.const 2)))))
      (loop $filter
        (local.set $end (i32.load (i32.add (local.get $ends) (i32.shl (local.get $f) (i32.const 2)))))
        (if (i32.lt_u (local.get $list) (local.get $end))
          (then
            (local.set $p (local.get $image))
            (loop $block
              (if (i32.le_u (i32.add (local.get $p) (i32.const 128)) (local.get $stop))
                (then ${blockOf(work, 8)})
                (else ${blockOf(work, 1)}))
              (br_if $block (i32.lt_u (local.get $p) (local.get $stop))))))
        ${advance('listPitch', 'list')}
        ${advance('size', 'k')}
        (br_if $filter (i32.lt_u (local.tee $f (i32.add (local.get $f) (i32.const 1))) (local.get $filters))))
      ${advance('pitch', 'image', 'stop')}
      (br_if $nextRow (i32.lt_u (local.tee $row (i32.add (local.get $row) (i32.const 1))) (local.get $rows)))))`

const blockOf = (work: string, vectors: number): string => `
  (call $${work}${vectors} (local.get $list) (local.get $end) (local.get $p)
    (i32.add (local.get $k) (i32.sub (local.get $p) (local.get $image))))
  ${advance(16 * vectors, 'p')}`

export const wat = `(module
  (memory (export "memory") 1)
  ${gather(8)} ${gather(1)} ${scatter(8)} ${scatter(1)}

  ;; One image's part of all filters' kernel gradients.
  ${eachFilter('kernelGradients', 'gather')}

  ;; One image's gradient of the input.
  ${eachFilter('inputGradients', 'scatter')}

  ;; Max-pool, bias and ReLU of one convolved image y [2 rows, 2 columns, filters] (no margin; filters a
  ;; multiple of 4): out [rows, columns, filters], and for each the offset of the winner's patch in the
  ;; convolution's input, whose rows are \`pitch\` and whose pixels are \`pixel\` bytes apart.
  (func (export "pool")
    (param $y i32) (param $rows i32) (param $columns i32) (param $filters i32) (param $bias i32)
    (param $pitch i32) (param $pixel i32) (param $out i32) (param $offsets i32)
    ${locals('i32', 'size', 'line', 'c', 'f', 'p', 'start', 'place')}
    ${locals('v128', 'a', 'b', 'd', 'e', 'right', 'down', 'ab', 'de')}
    (local.set $size (i32.shl (local.get $filters) (i32.const 2)))
    (local.set $line (i32.mul (i32.shl (local.get $columns) (i32.const 1)) (local.get $size)))
    (local.set $right (i32x4.splat (local.get $pixel)))
    (local.set $down (i32x4.splat (local.get $pitch)))
    (loop $row
      (local.set $c (local.get $columns))
      (local.set $place (local.get $start))
      (loop $column
        (local.set $f (i32.const 0))
        (loop $filter
          (local.set $p (i32.add (local.get $y) (local.get $f)))
          (local.set $a (v128.load (local.get $p)))
          (local.set $b (v128.load (i32.add (local.get $p) (local.get $size))))
          ${advance('line', 'p')}
          (local.set $d (v128.load (local.get $p)))
          (local.set $e (v128.load (i32.add (local.get $p) (local.get $size))))
          (local.set $ab (v128.and (f32x4.gt (local.get $b) (local.get $a)) (local.get $right)))
          (local.set $de (i32x4.add (local.get $down) (v128.and (f32x4.gt (local.get $e) (local.get $d)) (local.get $right))))
          (local.set $a (f32x4.pmax (local.get $a) (local.get $b)))
          (local.set $d (f32x4.pmax (local.get $d) (local.get $e)))
          (v128.store (local.get $offsets)
            (i32x4.add
              (i32x4.splat (local.get $place))
              (v128.bitselect (local.get $de) (local.get $ab) (f32x4.gt (local.get $d) (local.get $a)))))
          ;; pmax(a, b) is a where either is NaN: a diverged network stays visible.
          (v128.store (local.get $out)
            (f32x4.pmax
              (f32x4.add (f32x4.pmax (local.get $a) (local.get $d)) (v128.load (i32.add (local.get $bias) (local.get $f))))
              (v128.const f32x4 0 0 0 0)))
          ${advance(16, 'out', 'offsets')}
          (br_if $filter (i32.lt_u (local.tee $f (i32.add (local.get $f) (i32.const 16))) (local.get $size))))
        (local.set $y (i32.add (local.get $y) (i32.shl (local.get $size) (i32.const 1))))
        (local.set $place (i32.add (local.get $place) (i32.shl (local.get $pixel) (i32.const 1))))
        (br_if $column (local.tee $c (i32.sub (local.get $c) (i32.const 1)))))
      ${advance('line', 'y')}
      (local.set $start (i32.add (local.get $start) (i32.shl (local.get $pitch) (i32.const 1))))
      (br_if $row (local.tee $rows (i32.sub (local.get $rows) (i32.const 1))))))

  ;; Appends the entries of one image to each filter's list, where out is positive: ends[filter] points to
  ;; the end of its list, and is moved on. dBias[filter] += the sum of their d.
  (func (export "list")
    (param $out i32) (param $d i32) (param $offsets i32) (param $windows i32) (param $filters i32) (param $ends i32) (param $dBias i32)
    (local $f i32) (local $end i32) (local $alive i32) (local $value f32)
    (local.set $filters (i32.shl (local.get $filters) (i32.const 2)))
    (loop $window
      (local.set $f (i32.const 0))
      (loop $filter
        (local.set $alive (f32.gt (f32.load (local.get $out)) (f32.const 0)))
        (local.set $value (select (f32.load (local.get $d)) (f32.const 0) (local.get $alive)))
        (local.set $end (i32.load (i32.add (local.get $ends) (local.get $f))))
        (i32.store (local.get $end) (i32.load (local.get $offsets)))
        (f32.store offset=4 (local.get $end) (local.get $value))
        (i32.store (i32.add (local.get $ends) (local.get $f)) (i32.add (local.get $end) (i32.shl (local.get $alive) (i32.const 3))))
        (f32.store
          (i32.add (local.get $dBias) (local.get $f))
          (f32.add (f32.load (i32.add (local.get $dBias) (local.get $f))) (local.get $value)))
        ${advance(4, 'out', 'd', 'offsets')}
        (br_if $filter (i32.lt_u (local.tee $f (i32.add (local.get $f) (i32.const 4))) (local.get $filters))))
      (br_if $window (local.tee $windows (i32.sub (local.get $windows) (i32.const 1))))))

  ;; First layer, one image within its margin: convolution, max-pool, bias, ReLU in one go. weights is
  ;; [k * run, filters], then the bias [filters]; run is k times channels, filters a multiple of 16.
  ;; Writes [rows, columns, filters] to out and, rows \`framedPitch\` apart, to framed; for 16 filters of a
  ;; window each, the winners' places in the window (0..3) to codes (16 bytes) and which are positive to
  ;; masks (16 bits).
  (func (export "firstForward")
    (param $image i32) (param $pitch i32) (param $pixel i32) (param $rows i32) (param $columns i32)
    (param $k i32) (param $run i32) (param $weights i32) (param $filters i32)
    (param $out i32) (param $framed i32) (param $framedPitch i32) (param $codes i32) (param $masks i32)
    ${locals('i32', 'x', 'r', 'stop', 'left', 'right', 'tapRow')}
    ${locals('i32', 'w', 'step', 'c', 'g', 'half', 'fp', 'bias')}
    ${locals('v128', 's', 't', 'v', 'zero')}
    ${locals('v128', ...[0, 1, 2, 3].flatMap((i) => [`a${i}`, `b${i}`, `m${i}`, `q${i}`]))}
    (local.set $step (i32.shl (local.get $filters) (i32.const 2)))
    (local.set $bias (i32.add (local.get $weights) (i32.mul (local.get $step) (i32.mul (local.get $k) (local.get $run)))))
    (loop $row
      (local.set $x (local.get $image))
      (local.set $fp (local.get $framed))
      (local.set $c (local.get $columns))
      (loop $column
        (local.set $g (i32.const 0))
        (loop $group
          (local.set $half (i32.const 0))
          ${each(4, (i) => `(local.set $m${i} (v128.const f32x4 -inf -inf -inf -inf))`)}
          (loop $halves
            ;; a: the left place of this half of the window, b: the right one.
            (local.set $w (i32.add (local.get $bias) (local.get $g)))
            ${each(4, (i) => `(local.set $b${i} (local.tee $a${i} (v128.load offset=${16 * i} (local.get $w))))`)}
            (local.set $w (i32.add (local.get $weights) (local.get $g)))
            (local.set $tapRow (i32.add (local.get $x) (i32.mul (local.get $half) (local.get $pitch))))
            (local.set $r (local.get $k))
            (loop $taps
              (local.set $left (local.get $tapRow))
              (local.set $right (i32.add (local.get $tapRow) (local.get $pixel)))
              (local.set $stop (i32.add (local.get $tapRow) (i32.shl (local.get $run) (i32.const 2))))
              (loop $tap
                (local.set $s (v128.load32_splat (local.get $left)))
                (local.set $t (v128.load32_splat (local.get $right)))
                ${each(
                  4,
                  (i) => `(local.set $v (v128.load offset=${16 * i} (local.get $w)))
                  (local.set $a${i} (f32x4.relaxed_madd (local.get $v) (local.get $s) (local.get $a${i})))
                  (local.set $b${i} (f32x4.relaxed_madd (local.get $v) (local.get $t) (local.get $b${i})))`,
                )}
                ${advance('step', 'w')}
                ${advance(4, 'right')}
                (br_if $tap (i32.lt_u (local.tee $left (i32.add (local.get $left) (i32.const 4))) (local.get $stop))))
              ${advance('pitch', 'tapRow')}
              (br_if $taps (local.tee $r (i32.sub (local.get $r) (i32.const 1)))))
            ;; m: the best so far, q: where it was.
            ${each(
              4,
              (i) => `(local.set $s
                (i32x4.sub (i32x4.splat (i32.shl (local.get $half) (i32.const 1))) (f32x4.gt (local.get $b${i}) (local.get $a${i}))))
              (local.set $a${i} (f32x4.pmax (local.get $a${i}) (local.get $b${i})))
              (local.set $q${i} (v128.bitselect (local.get $s) (local.get $q${i}) (f32x4.gt (local.get $a${i}) (local.get $m${i}))))
              (local.set $m${i} (f32x4.pmax (local.get $a${i}) (local.get $m${i})))`,
            )}
            (br_if $halves (i32.lt_u (local.tee $half (i32.add (local.get $half) (i32.const 1))) (i32.const 2))))
          (v128.store (local.get $codes)
            (i8x16.narrow_i16x8_u
              (i16x8.narrow_i32x4_s (local.get $q0) (local.get $q1))
              (i16x8.narrow_i32x4_s (local.get $q2) (local.get $q3))))
          (i32.store16 (local.get $masks)
            (i8x16.bitmask
              (i8x16.narrow_i16x8_s
                (i16x8.narrow_i32x4_s (f32x4.gt (local.get $m0) (local.get $zero)) (f32x4.gt (local.get $m1) (local.get $zero)))
                (i16x8.narrow_i32x4_s (f32x4.gt (local.get $m2) (local.get $zero)) (f32x4.gt (local.get $m3) (local.get $zero))))))
          ${each(
            4,
            (i) => `(local.set $m${i} (f32x4.pmax (local.get $m${i}) (local.get $zero)))
            (v128.store offset=${16 * i} (local.get $out) (local.get $m${i}))
            (v128.store offset=${16 * i} (local.get $fp) (local.get $m${i}))`,
          )}
          ${advance(16, 'codes')}
          ${advance(2, 'masks')}
          ${advance(64, 'out', 'fp')}
          (br_if $group (i32.lt_u (local.tee $g (i32.add (local.get $g) (i32.const 64))) (local.get $step))))
        (local.set $x (i32.add (local.get $x) (i32.shl (local.get $pixel) (i32.const 1))))
        (br_if $column (local.tee $c (i32.sub (local.get $c) (i32.const 1)))))
      (local.set $image (i32.add (local.get $image) (i32.shl (local.get $pitch) (i32.const 1))))
      ${advance('framedPitch', 'framed')}
      (br_if $row (local.tee $rows (i32.sub (local.get $rows) (i32.const 1))))))

  ;; First layer, one image, back: acc[filters][k][padded run] += d * patch of each winner, dBias[filter]
  ;; += d. The padded run is run rounded up to a multiple of 4; what lies in the padding means nothing.
  (func (export "firstBackward")
    (param $image i32) (param $pitch i32) (param $pixel i32) (param $rows i32) (param $columns i32)
    (param $k i32) (param $run i32) (param $groups i32)
    (param $d i32) (param $dPitch i32) (param $codes i32) (param $masks i32) (param $acc i32) (param $dBias i32)
    ${locals('i32', 'x', 'dp', 'c', 'g', 'mask', 'f', 'code')}
    ${locals('i32', 'xp', 'ap', 'r', 'j', 'size')}
    (local $s v128) (local $value f32)
    (local.set $run (i32.shl (i32.and (i32.add (local.get $run) (i32.const 3)) (i32.const -4)) (i32.const 2)))
    (local.set $size (i32.mul (local.get $k) (local.get $run)))
    (loop $row
      (local.set $x (local.get $image))
      (local.set $dp (local.get $d))
      (local.set $c (local.get $columns))
      (loop $column
        (local.set $g (i32.const 0))
        (loop $group
          (local.set $mask (i32.load16_u (local.get $masks)))
          (block $none
            (loop $alive
              (br_if $none (i32.eqz (local.get $mask)))
              (local.set $f (i32.ctz (local.get $mask)))
              (local.set $mask (i32.and (local.get $mask) (i32.sub (local.get $mask) (i32.const 1))))
              (local.set $code (i32.load8_u (i32.add (local.get $codes) (local.get $f))))
              (local.set $f (i32.add (local.get $f) (i32.shl (local.get $g) (i32.const 4))))
              (local.set $value (f32.load (i32.add (local.get $dp) (i32.shl (local.get $f) (i32.const 2)))))
              (local.set $s (f32x4.splat (local.get $value)))
              (local.set $ap (i32.add (local.get $dBias) (i32.shl (local.get $f) (i32.const 2))))
              (f32.store (local.get $ap) (f32.add (f32.load (local.get $ap)) (local.get $value)))
              (local.set $xp
                (i32.add
                  (local.get $x)
                  (i32.add
                    (i32.mul (i32.and (local.get $code) (i32.const 1)) (local.get $pixel))
                    (i32.mul (i32.shr_u (local.get $code) (i32.const 1)) (local.get $pitch)))))
              (local.set $ap (i32.add (local.get $acc) (i32.mul (local.get $f) (local.get $size))))
              (local.set $r (local.get $k))
              (if (i32.eq (local.get $run) (i32.const 32))
                (then
                  (loop $pairs
                    (v128.store (local.get $ap) (f32x4.relaxed_madd (v128.load (local.get $xp)) (local.get $s) (v128.load (local.get $ap))))
                    (v128.store offset=16 (local.get $ap)
                      (f32x4.relaxed_madd (v128.load offset=16 (local.get $xp)) (local.get $s) (v128.load offset=16 (local.get $ap))))
                    ${advance(32, 'ap')}
                    ${advance('pitch', 'xp')}
                    (br_if $pairs (local.tee $r (i32.sub (local.get $r) (i32.const 1))))))
                (else
                  (loop $taps
                    (local.set $j (i32.const 0))
                    (loop $tap
                      (v128.store (i32.add (local.get $ap) (local.get $j))
                        (f32x4.relaxed_madd
                          (v128.load (i32.add (local.get $xp) (local.get $j)))
                          (local.get $s)
                          (v128.load (i32.add (local.get $ap) (local.get $j)))))
                      (br_if $tap (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 16))) (local.get $run))))
                    ${advance('run', 'ap')}
                    ${advance('pitch', 'xp')}
                    (br_if $taps (local.tee $r (i32.sub (local.get $r) (i32.const 1)))))))
              (br $alive)))
          ${advance(2, 'masks')}
          ${advance(16, 'codes')}
          (br_if $group (i32.lt_u (local.tee $g (i32.add (local.get $g) (i32.const 1))) (local.get $groups))))
        (local.set $dp (i32.add (local.get $dp) (i32.shl (local.get $groups) (i32.const 6))))
        (local.set $x (i32.add (local.get $x) (i32.shl (local.get $pixel) (i32.const 1))))
        (br_if $column (local.tee $c (i32.sub (local.get $c) (i32.const 1)))))
      (local.set $image (i32.add (local.get $image) (i32.shl (local.get $pitch) (i32.const 1))))
      ${advance('dPitch', 'd')}
      (br_if $row (local.tee $rows (i32.sub (local.get $rows) (i32.const 1)))))))
`
