;; Vector kernels for loops that JavaScript runs one number at a time. Pointers are bytes, counts are
;; numbers (float32); what must be a multiple of four is said at each function. Compiled into
;; kernels-wasm.ts by `npm run build:simd`; a test holds the two together.
(module
  (memory (export "memory") 1)

  ;; Sum of |a[k] - b[k]|, k < count; count a multiple of 16.
  (func (export "l1") (param $a i32) (param $b i32) (param $count i32) (result f32)
    (local $end i32) (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local.set $end (i32.add (local.get $a) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $a) (local.get $end)))
        (local.set $s0 (f32x4.add (local.get $s0) (f32x4.abs (f32x4.sub (v128.load (local.get $a)) (v128.load (local.get $b))))))
        (local.set $s1 (f32x4.add (local.get $s1) (f32x4.abs (f32x4.sub (v128.load offset=16 (local.get $a)) (v128.load offset=16 (local.get $b))))))
        (local.set $s2 (f32x4.add (local.get $s2) (f32x4.abs (f32x4.sub (v128.load offset=32 (local.get $a)) (v128.load offset=32 (local.get $b))))))
        (local.set $s3 (f32x4.add (local.get $s3) (f32x4.abs (f32x4.sub (v128.load offset=48 (local.get $a)) (v128.load offset=48 (local.get $b))))))
        (local.set $a (i32.add (local.get $a) (i32.const 64)))
        (local.set $b (i32.add (local.get $b) (i32.const 64)))
        (br $next)))
    (local.set $s0 (f32x4.add (f32x4.add (local.get $s0) (local.get $s1)) (f32x4.add (local.get $s2) (local.get $s3))))
    (f32.add
      (f32.add (f32x4.extract_lane 0 (local.get $s0)) (f32x4.extract_lane 1 (local.get $s0)))
      (f32.add (f32x4.extract_lane 2 (local.get $s0)) (f32x4.extract_lane 3 (local.get $s0)))))

  ;; Sum of (row[k] * push[k mod channels])^2, k < count; channels a multiple of 4, count of channels.
  (func (export "squares") (param $row i32) (param $count i32) (param $push i32) (param $channels i32) (result f32)
    (local $end i32) (local $p i32) (local $pushEnd i32) (local $v v128) (local $s v128)
    (local.set $end (i32.add (local.get $row) (i32.shl (local.get $count) (i32.const 2))))
    (local.set $pushEnd (i32.add (local.get $push) (i32.shl (local.get $channels) (i32.const 2))))
    (block $done
      (loop $place
        (br_if $done (i32.ge_u (local.get $row) (local.get $end)))
        (local.set $p (local.get $push))
        (loop $channel
          (local.set $v (f32x4.mul (v128.load (local.get $row)) (v128.load (local.get $p))))
          (local.set $s (f32x4.add (local.get $s) (f32x4.mul (local.get $v) (local.get $v))))
          (local.set $row (i32.add (local.get $row) (i32.const 16)))
          (local.set $p (i32.add (local.get $p) (i32.const 16)))
          (br_if $channel (i32.lt_u (local.get $p) (local.get $pushEnd))))
        (br $place)))
    (f32.add
      (f32.add (f32x4.extract_lane 0 (local.get $s)) (f32x4.extract_lane 1 (local.get $s)))
      (f32.add (f32x4.extract_lane 2 (local.get $s)) (f32x4.extract_lane 3 (local.get $s)))))

  ;; out[i, f] = raw[f, i] * factor[i mod channels, f]: a transposed, scaled copy.
  ;; raw: rows of `width` numbers, of which the first `count` are taken; filters and channels multiples of 4, count of channels.
  (func (export "transpose") (param $raw i32) (param $width i32) (param $count i32) (param $filters i32)
        (param $factor i32) (param $channels i32) (param $out i32)
    (local $i i32) (local $f i32) (local $c i32) (local $from i32) (local $to i32) (local $k i32)
    (local $stride i32) (local $row i32)
    (local $r0 v128) (local $r1 v128) (local $r2 v128) (local $r3 v128)
    (local $t0 v128) (local $t1 v128) (local $t2 v128) (local $t3 v128)
    (local.set $stride (i32.shl (local.get $width) (i32.const 2)))
    (local.set $row (i32.shl (local.get $filters) (i32.const 2)))
    (block $done
      (loop $places
        (br_if $done (i32.ge_u (local.get $i) (local.get $count)))
        (local.set $f (i32.const 0))
        (loop $filter
          (local.set $from (i32.add (local.get $raw)
            (i32.add (i32.mul (local.get $f) (local.get $stride)) (i32.shl (local.get $i) (i32.const 2)))))
          (local.set $r0 (v128.load (local.get $from)))
          (local.set $from (i32.add (local.get $from) (local.get $stride)))
          (local.set $r1 (v128.load (local.get $from)))
          (local.set $from (i32.add (local.get $from) (local.get $stride)))
          (local.set $r2 (v128.load (local.get $from)))
          (local.set $from (i32.add (local.get $from) (local.get $stride)))
          (local.set $r3 (v128.load (local.get $from)))
          (local.set $t0 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $r0) (local.get $r1)))
          (local.set $t1 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $r0) (local.get $r1)))
          (local.set $t2 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $r2) (local.get $r3)))
          (local.set $t3 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $r2) (local.get $r3)))
          (local.set $to (i32.add (local.get $out)
            (i32.add (i32.mul (local.get $i) (local.get $row)) (i32.shl (local.get $f) (i32.const 2)))))
          (local.set $k (i32.add (local.get $factor)
            (i32.add (i32.mul (local.get $c) (local.get $row)) (i32.shl (local.get $f) (i32.const 2)))))
          (v128.store (local.get $to) (f32x4.mul (v128.load (local.get $k))
            (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $t0) (local.get $t2))))
          (local.set $to (i32.add (local.get $to) (local.get $row)))
          (local.set $k (i32.add (local.get $k) (local.get $row)))
          (v128.store (local.get $to) (f32x4.mul (v128.load (local.get $k))
            (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $t0) (local.get $t2))))
          (local.set $to (i32.add (local.get $to) (local.get $row)))
          (local.set $k (i32.add (local.get $k) (local.get $row)))
          (v128.store (local.get $to) (f32x4.mul (v128.load (local.get $k))
            (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $t1) (local.get $t3))))
          (local.set $to (i32.add (local.get $to) (local.get $row)))
          (local.set $k (i32.add (local.get $k) (local.get $row)))
          (v128.store (local.get $to) (f32x4.mul (v128.load (local.get $k))
            (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $t1) (local.get $t3))))
          (local.set $f (i32.add (local.get $f) (i32.const 4)))
          (br_if $filter (i32.lt_u (local.get $f) (local.get $filters))))
        (local.set $i (i32.add (local.get $i) (i32.const 4)))
        (local.set $c (i32.add (local.get $c) (i32.const 4)))
        (if (i32.eq (local.get $c) (local.get $channels)) (then (local.set $c (i32.const 0))))
        (br $places)))))
