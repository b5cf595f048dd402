/**
 * Vector kernels for loops that JavaScript runs one number at a time. Pointers are bytes, counts are numbers (float32);
 * what must be a multiple of four is said at each function. Compiled into kernels-wasm.ts by `npm run build:simd`; a test
 * holds the two together.
 */
import { advance, again, each, locals, numbered, transpose, whileBelow } from './wat.ts'

const lane = (i: number): string => `(f32x4.extract_lane ${i} (local.get $s0))`
const fourVectors = locals('v128', ...numbered('s', 4), ...numbered('t', 4))

/** Where line i of a turned layer goes on, from the place in its first. */
const lineOn = (place: string, i: number): string => {
  const times = i === 2 ? '(i32.shl (local.get $line) (i32.const 1))' : `(i32.mul (local.get $line) (i32.const ${i}))`
  return i === 0 ? `(local.get $${place})` : `(i32.add (local.get $${place}) ${i === 1 ? '(local.get $line)' : times})`
}

export const wat = `(module
  (memory (export "memory") 1)

  ;; Sum of |a[k] - b[k]|, k < count; count a multiple of 16.
  (func (export "l1") (param $a i32) (param $b i32) (param $count i32) (result f32)
    (local $end i32) ${locals('v128', 's0', 's1', 's2', 's3')}
    (local.set $end (i32.add (local.get $a) (i32.shl (local.get $count) (i32.const 2))))
    ${whileBelow('a', 'end')}
      ${each(
        4,
        (i) => `(local.set $s${i} (f32x4.add (local.get $s${i})
          (f32x4.abs (f32x4.sub (v128.load offset=${16 * i} (local.get $a)) (v128.load offset=${16 * i} (local.get $b))))))`,
      )}
      ${advance(64, 'a', 'b')}
      ${again}
    (local.set $s0 (f32x4.add (f32x4.add (local.get $s0) (local.get $s1)) (f32x4.add (local.get $s2) (local.get $s3))))
    (f32.add (f32.add ${lane(0)} ${lane(1)}) (f32.add ${lane(2)} ${lane(3)})))

  ;; With v = slope * sign(a[k] - b[k]): up[k] += v and down[k] -= v, k < count; count a multiple of 4.
  (func (export "addSigns") (param $a i32) (param $b i32) (param $up i32) (param $down i32) (param $count i32) (param $slope f32)
    (local $end i32) ${locals('v128', 's', 'u', 'w', 'v')}
    (local.set $s (f32x4.splat (local.get $slope)))
    (local.set $end (i32.add (local.get $a) (i32.shl (local.get $count) (i32.const 2))))
    ${whileBelow('a', 'end')}
      (local.set $u (v128.load (local.get $a)))
      (local.set $w (v128.load (local.get $b)))
      (local.set $v (f32x4.sub
        (v128.and (f32x4.gt (local.get $u) (local.get $w)) (local.get $s))
        (v128.and (f32x4.lt (local.get $u) (local.get $w)) (local.get $s))))
      (v128.store (local.get $up) (f32x4.add (v128.load (local.get $up)) (local.get $v)))
      (v128.store (local.get $down) (f32x4.sub (v128.load (local.get $down)) (local.get $v)))
      ${advance(16, 'a', 'b', 'up', 'down')}
      ${again})

  ;; One update of Adam, k < count, a multiple of 4: m += (g - m) * keep1, v += (g * g - v) * keep2,
  ;; p -= rate * m / (sqrt(v) + epsilon).
  (func (export "adam") (param $p i32) (param $g i32) (param $m i32) (param $v i32) (param $count i32)
        (param $keep1 f32) (param $keep2 f32) (param $rate f32) (param $epsilon f32)
    (local $end i32) ${locals('v128', 'k1', 'k2', 'r', 'e', 'd', 'first', 'second')}
    (local.set $k1 (f32x4.splat (local.get $keep1)))
    (local.set $k2 (f32x4.splat (local.get $keep2)))
    (local.set $r (f32x4.splat (local.get $rate)))
    (local.set $e (f32x4.splat (local.get $epsilon)))
    (local.set $end (i32.add (local.get $p) (i32.shl (local.get $count) (i32.const 2))))
    ${whileBelow('p', 'end')}
      (local.set $d (v128.load (local.get $g)))
      (local.set $first (v128.load (local.get $m)))
      (local.set $first (f32x4.add (local.get $first)
        (f32x4.mul (f32x4.sub (local.get $d) (local.get $first)) (local.get $k1))))
      (v128.store (local.get $m) (local.get $first))
      (local.set $second (v128.load (local.get $v)))
      (local.set $second (f32x4.add (local.get $second)
        (f32x4.mul (f32x4.sub (f32x4.mul (local.get $d) (local.get $d)) (local.get $second)) (local.get $k2))))
      (v128.store (local.get $v) (local.get $second))
      (v128.store (local.get $p) (f32x4.sub (v128.load (local.get $p))
        (f32x4.div (f32x4.mul (local.get $first) (local.get $r)) (f32x4.add (f32x4.sqrt (local.get $second)) (local.get $e)))))
      ${advance(16, 'p', 'g', 'm', 'v')}
      ${again})

  ;; Random numbers in [-1, 1) in steps of 2^-23, as the words of Philox4x32-10 give them: four for each of \`blocks\`
  ;; counters (0, 1, ...; c1, c2, 0) under the key (k0, k1).
  (func (export "philoxSigned") (param $k0 i32) (param $k1 i32) (param $c1 i32) (param $c2 i32) (param $blocks i32) (param $out i32)
    ${locals('i32', 'block', 'round', 'key0', 'key1')} (local $p i64) (local $q i64) ${locals('i32', 'x0', 'x1', 'x2', 'x3')}
    ${whileBelow('block', 'blocks')}
      (local.set $key0 (local.get $k0))
      (local.set $key1 (local.get $k1))
      (local.set $x0 (local.get $block))
      (local.set $x1 (local.get $c1))
      (local.set $x2 (local.get $c2))
      (local.set $x3 (i32.const 0))
      (local.set $round (i32.const 10))
      (loop $again
        (local.set $p (i64.mul (i64.extend_i32_u (local.get $x0)) (i64.const 0xd2511f53)))
        (local.set $q (i64.mul (i64.extend_i32_u (local.get $x2)) (i64.const 0xcd9e8d57)))
        (local.set $x0 (i32.xor (i32.xor (i32.wrap_i64 (i64.shr_u (local.get $q) (i64.const 32))) (local.get $x1)) (local.get $key0)))
        (local.set $x2 (i32.xor (i32.xor (i32.wrap_i64 (i64.shr_u (local.get $p) (i64.const 32))) (local.get $x3)) (local.get $key1)))
        (local.set $x1 (i32.wrap_i64 (local.get $q)))
        (local.set $x3 (i32.wrap_i64 (local.get $p)))
        (local.set $key0 (i32.add (local.get $key0) (i32.const 0x9e3779b9)))
        (local.set $key1 (i32.add (local.get $key1) (i32.const 0xbb67ae85)))
        (br_if $again (local.tee $round (i32.sub (local.get $round) (i32.const 1)))))
      (v128.store (local.get $out)
        (f32x4.sub
          (f32x4.mul
            (f32x4.convert_i32x4_u
              (i32x4.shr_u
                (i32x4.replace_lane 3 (i32x4.replace_lane 2 (i32x4.replace_lane 1 (i32x4.splat (local.get $x0))
                  (local.get $x1)) (local.get $x2)) (local.get $x3))
                (i32.const 8)))
            (f32x4.splat (f32.const 0x1p-23)))
          (f32x4.splat (f32.const 1))))
      ${advance(16, 'out')}
      ${advance(1, 'block')}
      ${again})

  ;; The four kernels of the gauge below work on one layer of one network: \`rows\` filters of \`count\` weights
  ;; each, one filter behind the other at a \`pitch\` of bytes, or turned: weight by weight, [count, rows]. A weight
  ;; belongs to channel k mod channels, and \`rows\` is a multiple of 4. So is channels, or it is count, with numbers
  ;; a channel filled up with zeros to a multiple of 4. What then lies behind is read, and may be written over:
  ;; up to three numbers of a filter behind the last, up to three filters of weights when turned.

  ;; out[f] = sum over k < count of a[f, k] * b[f, k] * factor[k mod channels].
  (func (export "products") (param $a i32) (param $aPitch i32) (param $b i32) (param $bPitch i32) (param $rows i32)
        (param $count i32) (param $factor i32) (param $channels i32) (param $out i32)
    ${locals('i32', 'end', 'factorEnd', 'p')} (local $w v128)
    ${locals('i32', 'a0', 'a1', 'a2', 'a3', 'b0', 'b1', 'b2', 'b3')} ${fourVectors}
    (local.set $factorEnd (i32.add (local.get $factor) (i32.shl (local.get $channels) (i32.const 2))))
    (loop $four
      ${['a', 'b']
        .map(
          (name) => `(local.set $${name}0 (local.get $${name}))
          ${each(3, (i) => `(local.set $${name}${i + 1} (i32.add (local.get $${name}${i}) (local.get $${name}Pitch)))`)}`,
        )
        .join('\n')}
      ${each(4, (i) => `(local.set $s${i} (v128.const i32x4 0 0 0 0))`)}
      (local.set $end (i32.add (local.get $a) (i32.shl (local.get $count) (i32.const 2))))
      (loop $place
        (local.set $p (local.get $factor))
        (loop $channel
          (local.set $w (v128.load (local.get $p)))
          ${each(
            4,
            (i) => `(local.set $s${i} (f32x4.add (local.get $s${i})
              (f32x4.mul (f32x4.mul (v128.load (local.get $a${i})) (v128.load (local.get $b${i}))) (local.get $w))))`,
          )}
          ${advance(16, 'a0', 'a1', 'a2', 'a3', 'b0', 'b1', 'b2', 'b3', 'p')}
          (br_if $channel (i32.lt_u (local.get $p) (local.get $factorEnd))))
        (br_if $place (i32.lt_u (local.get $a0) (local.get $end))))
      ;; Lane by lane: the four sums, turned, are four vectors to add.
      ${transpose}
      (v128.store (local.get $out) (f32x4.add
        (f32x4.add (local.get $s0) (local.get $s1)) (f32x4.add (local.get $s2) (local.get $s3))))
      ${advance(16, 'out')}
      (local.set $a (i32.add (local.get $a) (i32.shl (local.get $aPitch) (i32.const 2))))
      (local.set $b (i32.add (local.get $b) (i32.shl (local.get $bPitch) (i32.const 2))))
      (local.set $rows (i32.sub (local.get $rows) (i32.const 4)))
      (br_if $four (local.get $rows))))

  ;; turned[k, f] = a[f, k] * push[k mod channels] * factor[f].
  (func (export "turnScaled") (param $a i32) (param $pitch i32) (param $rows i32) (param $count i32)
        (param $push i32) (param $channels i32) (param $factor i32) (param $turned i32)
    ${locals('i32', 'end', 'pushEnd', 'p', 'from', 'k', 'to', 'line')} ${locals('v128', 'p0', 'p1', 'p2', 'p3', 'w')} ${fourVectors}
    (local.set $line (i32.shl (local.get $rows) (i32.const 2)))
    (local.set $pushEnd (i32.add (local.get $push) (i32.shl (local.get $channels) (i32.const 2))))
    (local.set $end (i32.add (local.get $a) (i32.shl (local.get $count) (i32.const 2))))
    (loop $place
      (local.set $p (local.get $push))
      (loop $channel
        ${each(4, (i) => `(local.set $p${i} (v128.load32_splat offset=${4 * i} (local.get $p)))`)}
        (local.set $from (local.get $a))
        (local.set $k (local.get $factor))
        (local.set $to (local.get $turned))
        (loop $filter
          ${each(4, (i) => `(local.set $s${i} (v128.load (local.get $from))) ${advance('pitch', 'from')}`)}
          ${transpose}
          (local.set $w (v128.load (local.get $k)))
          ${each(
            4,
            (i) => `(v128.store ${lineOn('to', i)}
              (f32x4.mul (f32x4.mul (local.get $s${i}) (local.get $p${i})) (local.get $w)))`,
          )}
          ${advance(16, 'to', 'k')}
          (br_if $filter (i32.lt_u (local.get $to) (i32.add (local.get $turned) (local.get $line)))))
        (local.set $turned (i32.add (local.get $turned) (i32.shl (local.get $line) (i32.const 2))))
        ${advance(16, 'a', 'p')}
        (br_if $channel (i32.lt_u (local.get $p) (local.get $pushEnd))))
      (br_if $place (i32.lt_u (local.get $a) (local.get $end)))))

  ;; out[f, k] = turned[k, f].
  (func (export "turnBack") (param $turned i32) (param $rows i32) (param $count i32) (param $out i32) (param $pitch i32)
    ${locals('i32', 'line', 'lineEnd', 'end', 'from', 'to')} ${fourVectors}
    (local.set $line (i32.shl (local.get $rows) (i32.const 2)))
    (local.set $end (i32.add (local.get $out) (i32.shl (local.get $count) (i32.const 2))))
    (loop $place
      (local.set $from (local.get $turned))
      (local.set $lineEnd (i32.add (local.get $turned) (local.get $line)))
      (local.set $to (local.get $out))
      (loop $filter
        ${each(4, (i) => `(local.set $s${i} (v128.load ${lineOn('from', i)}))`)}
        ${transpose}
        ${each(4, (i) => `(v128.store (local.get $to) (local.get $s${i})) ${advance('pitch', 'to')}`)}
        ${advance(16, 'from')}
        (br_if $filter (i32.lt_u (local.get $from) (local.get $lineEnd))))
      (local.set $turned (i32.add (local.get $turned) (i32.shl (local.get $line) (i32.const 2))))
      ${advance(16, 'out')}
      (br_if $place (i32.lt_u (local.get $out) (local.get $end)))))

  ;; With u = given * factor + a * push * radial for filter f: out = u * push, and below[k mod channels] += u * a.
  ;; Filter by filter: what is written over behind one is the next one's.
  (func (export "pullBack") (param $a i32) (param $pitch i32) (param $given i32) (param $givenPitch i32) (param $rows i32)
        (param $count i32) (param $push i32) (param $channels i32) (param $factor i32) (param $radial i32)
        (param $out i32) (param $below i32)
    ${locals('i32', 'i', 'end', 'p', 'pushEnd', 'g', 'to', 'sum')} ${locals('v128', 'f', 'r', 'v', 'u', 'w')}
    (local.set $pushEnd (i32.add (local.get $push) (i32.shl (local.get $channels) (i32.const 2))))
    (loop $filter
      (local.set $f (v128.load32_splat (local.get $factor)))
      (local.set $r (v128.load32_splat (local.get $radial)))
      (local.set $i (local.get $a))
      (local.set $g (local.get $given))
      (local.set $to (local.get $out))
      (local.set $end (i32.add (local.get $a) (i32.shl (local.get $count) (i32.const 2))))
      (loop $place
        (local.set $p (local.get $push))
        (local.set $sum (local.get $below))
        (loop $channel
          (local.set $v (v128.load (local.get $i)))
          (local.set $w (v128.load (local.get $p)))
          (local.set $u (f32x4.add
            (f32x4.mul (v128.load (local.get $g)) (local.get $f))
            (f32x4.mul (f32x4.mul (local.get $v) (local.get $w)) (local.get $r))))
          (v128.store (local.get $to) (f32x4.mul (local.get $u) (local.get $w)))
          (v128.store (local.get $sum) (f32x4.add (v128.load (local.get $sum)) (f32x4.mul (local.get $u) (local.get $v))))
          ${advance(16, 'i', 'g', 'to', 'sum', 'p')}
          (br_if $channel (i32.lt_u (local.get $p) (local.get $pushEnd))))
        (br_if $place (i32.lt_u (local.get $i) (local.get $end))))
      ${advance('pitch', 'a')}
      ${advance('givenPitch', 'given')}
      ${advance('pitch', 'out')}
      ${advance(4, 'factor', 'radial')}
      (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
      (br_if $filter (local.get $rows)))))
`
