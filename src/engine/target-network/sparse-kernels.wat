;; Vector kernels of a target network's training: convolutions that are max-pooled by windows of 2 x 2 and
;; pass a ReLU. On the way back only one place of a window has a gradient, and none where the ReLU is shut:
;; a list of those entries is gone through, instead of a convolution of mostly zeros.
;;
;; Pointers, pitches and offsets are in bytes, counts in numbers (float32); images are channels-last. An
;; entry is { offset i32, d f32 }: a gradient, and where in an image, within its margin, the patch starts
;; that it belongs to. Compiled into sparse-kernels-wasm.ts by `npm run build:simd`.
(module
  (memory (export "memory") 1)

  ;; acc[0..32) += the sum of d * x[offset..offset + 32) over entries.
  (func $gather32 (param $entry i32) (param $end i32) (param $x i32) (param $acc i32)
    (local $p i32) (local $d v128)
    (local $a0 v128) (local $a1 v128) (local $a2 v128) (local $a3 v128) (local $a4 v128) (local $a5 v128) (local $a6 v128) (local $a7 v128)
    (local.set $a0 (v128.load (local.get $acc)))
    (local.set $a1 (v128.load offset=16 (local.get $acc)))
    (local.set $a2 (v128.load offset=32 (local.get $acc)))
    (local.set $a3 (v128.load offset=48 (local.get $acc)))
    (local.set $a4 (v128.load offset=64 (local.get $acc)))
    (local.set $a5 (v128.load offset=80 (local.get $acc)))
    (local.set $a6 (v128.load offset=96 (local.get $acc)))
    (local.set $a7 (v128.load offset=112 (local.get $acc)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $entry) (local.get $end)))
        (local.set $p (i32.add (local.get $x) (i32.load (local.get $entry))))
        (local.set $d (v128.load32_splat offset=4 (local.get $entry)))
        (local.set $a0 (f32x4.relaxed_madd (v128.load (local.get $p)) (local.get $d) (local.get $a0)))
        (local.set $a1 (f32x4.relaxed_madd (v128.load offset=16 (local.get $p)) (local.get $d) (local.get $a1)))
        (local.set $a2 (f32x4.relaxed_madd (v128.load offset=32 (local.get $p)) (local.get $d) (local.get $a2)))
        (local.set $a3 (f32x4.relaxed_madd (v128.load offset=48 (local.get $p)) (local.get $d) (local.get $a3)))
        (local.set $a4 (f32x4.relaxed_madd (v128.load offset=64 (local.get $p)) (local.get $d) (local.get $a4)))
        (local.set $a5 (f32x4.relaxed_madd (v128.load offset=80 (local.get $p)) (local.get $d) (local.get $a5)))
        (local.set $a6 (f32x4.relaxed_madd (v128.load offset=96 (local.get $p)) (local.get $d) (local.get $a6)))
        (local.set $a7 (f32x4.relaxed_madd (v128.load offset=112 (local.get $p)) (local.get $d) (local.get $a7)))
        (local.set $entry (i32.add (local.get $entry) (i32.const 8)))
        (br $next)))
    (v128.store (local.get $acc) (local.get $a0))
    (v128.store offset=16 (local.get $acc) (local.get $a1))
    (v128.store offset=32 (local.get $acc) (local.get $a2))
    (v128.store offset=48 (local.get $acc) (local.get $a3))
    (v128.store offset=64 (local.get $acc) (local.get $a4))
    (v128.store offset=80 (local.get $acc) (local.get $a5))
    (v128.store offset=96 (local.get $acc) (local.get $a6))
    (v128.store offset=112 (local.get $acc) (local.get $a7)))

  ;; The same for 4 numbers.
  (func $gather4 (param $entry i32) (param $end i32) (param $x i32) (param $acc i32)
    (local $a v128)
    (local.set $a (v128.load (local.get $acc)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $entry) (local.get $end)))
        (local.set $a
          (f32x4.relaxed_madd
            (v128.load (i32.add (local.get $x) (i32.load (local.get $entry))))
            (v128.load32_splat offset=4 (local.get $entry))
            (local.get $a)))
        (local.set $entry (i32.add (local.get $entry) (i32.const 8)))
        (br $next)))
    (v128.store (local.get $acc) (local.get $a)))

  ;; x[offset..offset + 32) += d * kernel[0..32) for each entry.
  (func $scatter32 (param $entry i32) (param $end i32) (param $x i32) (param $kernel i32)
    (local $p i32) (local $d v128)
    (local $k0 v128) (local $k1 v128) (local $k2 v128) (local $k3 v128) (local $k4 v128) (local $k5 v128) (local $k6 v128) (local $k7 v128)
    (local.set $k0 (v128.load (local.get $kernel)))
    (local.set $k1 (v128.load offset=16 (local.get $kernel)))
    (local.set $k2 (v128.load offset=32 (local.get $kernel)))
    (local.set $k3 (v128.load offset=48 (local.get $kernel)))
    (local.set $k4 (v128.load offset=64 (local.get $kernel)))
    (local.set $k5 (v128.load offset=80 (local.get $kernel)))
    (local.set $k6 (v128.load offset=96 (local.get $kernel)))
    (local.set $k7 (v128.load offset=112 (local.get $kernel)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $entry) (local.get $end)))
        (local.set $p (i32.add (local.get $x) (i32.load (local.get $entry))))
        (local.set $d (v128.load32_splat offset=4 (local.get $entry)))
        (v128.store (local.get $p) (f32x4.relaxed_madd (local.get $k0) (local.get $d) (v128.load (local.get $p))))
        (v128.store offset=16 (local.get $p) (f32x4.relaxed_madd (local.get $k1) (local.get $d) (v128.load offset=16 (local.get $p))))
        (v128.store offset=32 (local.get $p) (f32x4.relaxed_madd (local.get $k2) (local.get $d) (v128.load offset=32 (local.get $p))))
        (v128.store offset=48 (local.get $p) (f32x4.relaxed_madd (local.get $k3) (local.get $d) (v128.load offset=48 (local.get $p))))
        (v128.store offset=64 (local.get $p) (f32x4.relaxed_madd (local.get $k4) (local.get $d) (v128.load offset=64 (local.get $p))))
        (v128.store offset=80 (local.get $p) (f32x4.relaxed_madd (local.get $k5) (local.get $d) (v128.load offset=80 (local.get $p))))
        (v128.store offset=96 (local.get $p) (f32x4.relaxed_madd (local.get $k6) (local.get $d) (v128.load offset=96 (local.get $p))))
        (v128.store offset=112 (local.get $p) (f32x4.relaxed_madd (local.get $k7) (local.get $d) (v128.load offset=112 (local.get $p))))
        (local.set $entry (i32.add (local.get $entry) (i32.const 8)))
        (br $next))))

  ;; The same for 4 numbers.
  (func $scatter4 (param $entry i32) (param $end i32) (param $x i32) (param $kernel i32)
    (local $p i32) (local $k v128)
    (local.set $k (v128.load (local.get $kernel)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $entry) (local.get $end)))
        (local.set $p (i32.add (local.get $x) (i32.load (local.get $entry))))
        (v128.store (local.get $p)
          (f32x4.relaxed_madd (local.get $k) (v128.load32_splat offset=4 (local.get $entry)) (v128.load (local.get $p))))
        (local.set $entry (i32.add (local.get $entry) (i32.const 8)))
        (br $next))))

  ;; One image's part of all filters' kernel gradients: acc[filter][rows][run] += the sum of d * patch over the
  ;; filter's entries. A filter's list starts `listPitch` behind the one before, ends[filter] points to its end.
  ;; The patch is `rows` runs of image rows; run, a multiple of 4, is the kernel's width times channels. All
  ;; filters take one row of the kernel before any takes the next: the rows of the image that it meets (one in
  ;; two) fit the innermost cache.
  (func (export "kernelGradients")
    (param $lists i32) (param $listPitch i32) (param $ends i32) (param $filters i32)
    (param $image i32) (param $pitch i32) (param $rows i32) (param $run i32) (param $acc i32)
    (local $row i32) (local $f i32) (local $list i32) (local $end i32) (local $k i32) (local $p i32) (local $stop i32) (local $size i32)
    (local.set $size (i32.shl (i32.mul (local.get $rows) (local.get $run)) (i32.const 2)))
    (local.set $stop (i32.add (local.get $image) (i32.shl (local.get $run) (i32.const 2))))
    (loop $nextRow
      (local.set $f (i32.const 0))
      (local.set $list (local.get $lists))
      (local.set $k (i32.add (local.get $acc) (i32.mul (local.get $row) (i32.shl (local.get $run) (i32.const 2)))))
      (loop $filter
        (local.set $end (i32.load (i32.add (local.get $ends) (i32.shl (local.get $f) (i32.const 2)))))
        (if (i32.lt_u (local.get $list) (local.get $end))
          (then
            (local.set $p (local.get $image))
            (loop $block
              (if (i32.le_u (i32.add (local.get $p) (i32.const 128)) (local.get $stop))
                (then
                  (call $gather32 (local.get $list) (local.get $end) (local.get $p)
                    (i32.add (local.get $k) (i32.sub (local.get $p) (local.get $image))))
                  (local.set $p (i32.add (local.get $p) (i32.const 128))))
                (else
                  (call $gather4 (local.get $list) (local.get $end) (local.get $p)
                    (i32.add (local.get $k) (i32.sub (local.get $p) (local.get $image))))
                  (local.set $p (i32.add (local.get $p) (i32.const 16)))))
              (br_if $block (i32.lt_u (local.get $p) (local.get $stop))))))
        (local.set $list (i32.add (local.get $list) (local.get $listPitch)))
        (local.set $k (i32.add (local.get $k) (local.get $size)))
        (br_if $filter (i32.lt_u (local.tee $f (i32.add (local.get $f) (i32.const 1))) (local.get $filters))))
      (local.set $image (i32.add (local.get $image) (local.get $pitch)))
      (local.set $stop (i32.add (local.get $stop) (local.get $pitch)))
      (br_if $nextRow (i32.lt_u (local.tee $row (i32.add (local.get $row) (i32.const 1))) (local.get $rows)))))

  ;; One image's gradient of the input, likewise: patch += d * kernel[filter][rows][run] for each entry.
  (func (export "inputGradients")
    (param $lists i32) (param $listPitch i32) (param $ends i32) (param $filters i32)
    (param $image i32) (param $pitch i32) (param $rows i32) (param $run i32) (param $kernel i32)
    (local $row i32) (local $f i32) (local $list i32) (local $end i32) (local $k i32) (local $p i32) (local $stop i32) (local $size i32)
    (local.set $size (i32.shl (i32.mul (local.get $rows) (local.get $run)) (i32.const 2)))
    (local.set $stop (i32.add (local.get $image) (i32.shl (local.get $run) (i32.const 2))))
    (loop $nextRow
      (local.set $f (i32.const 0))
      (local.set $list (local.get $lists))
      (local.set $k (i32.add (local.get $kernel) (i32.mul (local.get $row) (i32.shl (local.get $run) (i32.const 2)))))
      (loop $filter
        (local.set $end (i32.load (i32.add (local.get $ends) (i32.shl (local.get $f) (i32.const 2)))))
        (if (i32.lt_u (local.get $list) (local.get $end))
          (then
            (local.set $p (local.get $image))
            (loop $block
              (if (i32.le_u (i32.add (local.get $p) (i32.const 128)) (local.get $stop))
                (then
                  (call $scatter32 (local.get $list) (local.get $end) (local.get $p)
                    (i32.add (local.get $k) (i32.sub (local.get $p) (local.get $image))))
                  (local.set $p (i32.add (local.get $p) (i32.const 128))))
                (else
                  (call $scatter4 (local.get $list) (local.get $end) (local.get $p)
                    (i32.add (local.get $k) (i32.sub (local.get $p) (local.get $image))))
                  (local.set $p (i32.add (local.get $p) (i32.const 16)))))
              (br_if $block (i32.lt_u (local.get $p) (local.get $stop))))))
        (local.set $list (i32.add (local.get $list) (local.get $listPitch)))
        (local.set $k (i32.add (local.get $k) (local.get $size)))
        (br_if $filter (i32.lt_u (local.tee $f (i32.add (local.get $f) (i32.const 1))) (local.get $filters))))
      (local.set $image (i32.add (local.get $image) (local.get $pitch)))
      (local.set $stop (i32.add (local.get $stop) (local.get $pitch)))
      (br_if $nextRow (i32.lt_u (local.tee $row (i32.add (local.get $row) (i32.const 1))) (local.get $rows)))))

  ;; Max-pool, bias and ReLU of one convolved image y [2 rows, 2 columns, filters] (no margin; filters a
  ;; multiple of 4): out [rows, columns, filters], and for each the offset of the winner's patch in the
  ;; convolution's input, whose rows are `pitch` and whose pixels are `pixel` bytes apart.
  (func (export "pool")
    (param $y i32) (param $rows i32) (param $columns i32) (param $filters i32) (param $bias i32)
    (param $pitch i32) (param $pixel i32) (param $out i32) (param $offsets i32)
    (local $size i32) (local $line i32) (local $c i32) (local $f i32) (local $p i32) (local $start i32) (local $place i32)
    (local $a v128) (local $b v128) (local $d v128) (local $e v128) (local $right v128) (local $down v128) (local $ab v128) (local $de v128)
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
          (local.set $p (i32.add (local.get $p) (local.get $line)))
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
          (local.set $out (i32.add (local.get $out) (i32.const 16)))
          (local.set $offsets (i32.add (local.get $offsets) (i32.const 16)))
          (br_if $filter (i32.lt_u (local.tee $f (i32.add (local.get $f) (i32.const 16))) (local.get $size))))
        (local.set $y (i32.add (local.get $y) (i32.shl (local.get $size) (i32.const 1))))
        (local.set $place (i32.add (local.get $place) (i32.shl (local.get $pixel) (i32.const 1))))
        (br_if $column (local.tee $c (i32.sub (local.get $c) (i32.const 1)))))
      (local.set $y (i32.add (local.get $y) (local.get $line)))
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
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (local.set $d (i32.add (local.get $d) (i32.const 4)))
        (local.set $offsets (i32.add (local.get $offsets) (i32.const 4)))
        (br_if $filter (i32.lt_u (local.tee $f (i32.add (local.get $f) (i32.const 4))) (local.get $filters))))
      (br_if $window (local.tee $windows (i32.sub (local.get $windows) (i32.const 1))))))

  ;; First layer, one image within its margin: convolution, max-pool, bias, ReLU in one go. weights is
  ;; [k * run, filters], then the bias [filters]; run is k times channels, filters a multiple of 16.
  ;; Writes [rows, columns, filters] to out and, rows `framedPitch` apart, to framed; for 16 filters of a
  ;; window each, the winners' places in the window (0..3) to codes (16 bytes) and which are positive to
  ;; masks (16 bits).
  (func (export "firstForward")
    (param $image i32) (param $pitch i32) (param $pixel i32) (param $rows i32) (param $columns i32)
    (param $k i32) (param $run i32) (param $weights i32) (param $filters i32)
    (param $out i32) (param $framed i32) (param $framedPitch i32) (param $codes i32) (param $masks i32)
    (local $x i32) (local $r i32) (local $stop i32) (local $left i32) (local $right i32) (local $tapRow i32)
    (local $w i32) (local $step i32) (local $c i32) (local $g i32) (local $half i32) (local $fp i32) (local $bias i32)
    (local $s v128) (local $t v128) (local $v v128) (local $zero v128)
    (local $a0 v128) (local $b0 v128) (local $m0 v128) (local $q0 v128)
    (local $a1 v128) (local $b1 v128) (local $m1 v128) (local $q1 v128)
    (local $a2 v128) (local $b2 v128) (local $m2 v128) (local $q2 v128)
    (local $a3 v128) (local $b3 v128) (local $m3 v128) (local $q3 v128)
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
          (local.set $m0 (v128.const f32x4 -inf -inf -inf -inf))
          (local.set $m1 (v128.const f32x4 -inf -inf -inf -inf))
          (local.set $m2 (v128.const f32x4 -inf -inf -inf -inf))
          (local.set $m3 (v128.const f32x4 -inf -inf -inf -inf))
          (loop $halves
            ;; a: the left place of this half of the window, b: the right one.
            (local.set $w (i32.add (local.get $bias) (local.get $g)))
            (local.set $b0 (local.tee $a0 (v128.load (local.get $w))))
            (local.set $b1 (local.tee $a1 (v128.load offset=16 (local.get $w))))
            (local.set $b2 (local.tee $a2 (v128.load offset=32 (local.get $w))))
            (local.set $b3 (local.tee $a3 (v128.load offset=48 (local.get $w))))
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
                (local.set $v (v128.load (local.get $w)))
                (local.set $a0 (f32x4.relaxed_madd (local.get $v) (local.get $s) (local.get $a0)))
                (local.set $b0 (f32x4.relaxed_madd (local.get $v) (local.get $t) (local.get $b0)))
                (local.set $v (v128.load offset=16 (local.get $w)))
                (local.set $a1 (f32x4.relaxed_madd (local.get $v) (local.get $s) (local.get $a1)))
                (local.set $b1 (f32x4.relaxed_madd (local.get $v) (local.get $t) (local.get $b1)))
                (local.set $v (v128.load offset=32 (local.get $w)))
                (local.set $a2 (f32x4.relaxed_madd (local.get $v) (local.get $s) (local.get $a2)))
                (local.set $b2 (f32x4.relaxed_madd (local.get $v) (local.get $t) (local.get $b2)))
                (local.set $v (v128.load offset=48 (local.get $w)))
                (local.set $a3 (f32x4.relaxed_madd (local.get $v) (local.get $s) (local.get $a3)))
                (local.set $b3 (f32x4.relaxed_madd (local.get $v) (local.get $t) (local.get $b3)))
                (local.set $w (i32.add (local.get $w) (local.get $step)))
                (local.set $right (i32.add (local.get $right) (i32.const 4)))
                (br_if $tap (i32.lt_u (local.tee $left (i32.add (local.get $left) (i32.const 4))) (local.get $stop))))
              (local.set $tapRow (i32.add (local.get $tapRow) (local.get $pitch)))
              (br_if $taps (local.tee $r (i32.sub (local.get $r) (i32.const 1)))))
            ;; m: the best so far, q: where it was.
            (local.set $s
              (i32x4.sub
                (i32x4.splat (i32.shl (local.get $half) (i32.const 1)))
                (f32x4.gt (local.get $b0) (local.get $a0))))
            (local.set $a0 (f32x4.pmax (local.get $a0) (local.get $b0)))
            (local.set $q0 (v128.bitselect (local.get $s) (local.get $q0) (f32x4.gt (local.get $a0) (local.get $m0))))
            (local.set $m0 (f32x4.pmax (local.get $a0) (local.get $m0)))
            (local.set $s
              (i32x4.sub
                (i32x4.splat (i32.shl (local.get $half) (i32.const 1)))
                (f32x4.gt (local.get $b1) (local.get $a1))))
            (local.set $a1 (f32x4.pmax (local.get $a1) (local.get $b1)))
            (local.set $q1 (v128.bitselect (local.get $s) (local.get $q1) (f32x4.gt (local.get $a1) (local.get $m1))))
            (local.set $m1 (f32x4.pmax (local.get $a1) (local.get $m1)))
            (local.set $s
              (i32x4.sub
                (i32x4.splat (i32.shl (local.get $half) (i32.const 1)))
                (f32x4.gt (local.get $b2) (local.get $a2))))
            (local.set $a2 (f32x4.pmax (local.get $a2) (local.get $b2)))
            (local.set $q2 (v128.bitselect (local.get $s) (local.get $q2) (f32x4.gt (local.get $a2) (local.get $m2))))
            (local.set $m2 (f32x4.pmax (local.get $a2) (local.get $m2)))
            (local.set $s
              (i32x4.sub
                (i32x4.splat (i32.shl (local.get $half) (i32.const 1)))
                (f32x4.gt (local.get $b3) (local.get $a3))))
            (local.set $a3 (f32x4.pmax (local.get $a3) (local.get $b3)))
            (local.set $q3 (v128.bitselect (local.get $s) (local.get $q3) (f32x4.gt (local.get $a3) (local.get $m3))))
            (local.set $m3 (f32x4.pmax (local.get $a3) (local.get $m3)))
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
          (local.set $m0 (f32x4.pmax (local.get $m0) (local.get $zero)))
          (v128.store (local.get $out) (local.get $m0))
          (v128.store (local.get $fp) (local.get $m0))
          (local.set $m1 (f32x4.pmax (local.get $m1) (local.get $zero)))
          (v128.store offset=16 (local.get $out) (local.get $m1))
          (v128.store offset=16 (local.get $fp) (local.get $m1))
          (local.set $m2 (f32x4.pmax (local.get $m2) (local.get $zero)))
          (v128.store offset=32 (local.get $out) (local.get $m2))
          (v128.store offset=32 (local.get $fp) (local.get $m2))
          (local.set $m3 (f32x4.pmax (local.get $m3) (local.get $zero)))
          (v128.store offset=48 (local.get $out) (local.get $m3))
          (v128.store offset=48 (local.get $fp) (local.get $m3))
          (local.set $codes (i32.add (local.get $codes) (i32.const 16)))
          (local.set $masks (i32.add (local.get $masks) (i32.const 2)))
          (local.set $out (i32.add (local.get $out) (i32.const 64)))
          (local.set $fp (i32.add (local.get $fp) (i32.const 64)))
          (br_if $group (i32.lt_u (local.tee $g (i32.add (local.get $g) (i32.const 64))) (local.get $step))))
        (local.set $x (i32.add (local.get $x) (i32.shl (local.get $pixel) (i32.const 1))))
        (br_if $column (local.tee $c (i32.sub (local.get $c) (i32.const 1)))))
      (local.set $image (i32.add (local.get $image) (i32.shl (local.get $pitch) (i32.const 1))))
      (local.set $framed (i32.add (local.get $framed) (local.get $framedPitch)))
      (br_if $row (local.tee $rows (i32.sub (local.get $rows) (i32.const 1))))))

  ;; First layer, one image, back: acc[filters][k][padded run] += d * patch of each winner, dBias[filter]
  ;; += d. The padded run is run rounded up to a multiple of 4; what lies in the padding means nothing.
  (func (export "firstBackward")
    (param $image i32) (param $pitch i32) (param $pixel i32) (param $rows i32) (param $columns i32)
    (param $k i32) (param $run i32) (param $groups i32)
    (param $d i32) (param $dPitch i32) (param $codes i32) (param $masks i32) (param $acc i32) (param $dBias i32)
    (local $x i32) (local $dp i32) (local $c i32) (local $g i32) (local $mask i32) (local $f i32) (local $code i32)
    (local $xp i32) (local $ap i32) (local $r i32) (local $j i32) (local $size i32)
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
                    (local.set $ap (i32.add (local.get $ap) (i32.const 32)))
                    (local.set $xp (i32.add (local.get $xp) (local.get $pitch)))
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
                    (local.set $ap (i32.add (local.get $ap) (local.get $run)))
                    (local.set $xp (i32.add (local.get $xp) (local.get $pitch)))
                    (br_if $taps (local.tee $r (i32.sub (local.get $r) (i32.const 1)))))))
              (br $alive)))
          (local.set $masks (i32.add (local.get $masks) (i32.const 2)))
          (local.set $codes (i32.add (local.get $codes) (i32.const 16)))
          (br_if $group (i32.lt_u (local.tee $g (i32.add (local.get $g) (i32.const 1))) (local.get $groups))))
        (local.set $dp (i32.add (local.get $dp) (i32.shl (local.get $groups) (i32.const 6))))
        (local.set $x (i32.add (local.get $x) (i32.shl (local.get $pixel) (i32.const 1))))
        (br_if $column (local.tee $c (i32.sub (local.get $c) (i32.const 1)))))
      (local.set $image (i32.add (local.get $image) (i32.shl (local.get $pitch) (i32.const 1))))
      (local.set $d (i32.add (local.get $d) (local.get $dPitch)))
      (br_if $row (local.tee $rows (i32.sub (local.get $rows) (i32.const 1)))))))
