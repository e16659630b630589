;; Products of matrices for workplace.ts, four numbers at a time. Pointers and lengths are in bytes; rows of P and W
;; are a multiple of 48 bytes, those of X of 4.
(module
  (memory (export "memory") 1)

  ;; One row: out[0..length) = sum over d of x[d] * w[d * length ..].
  (func $row (param $x i32) (param $xEnd i32) (param $w i32) (param $length i32) (param $out i32)
    (local $at i32) (local $from i32) (local $v i32) (local $s v128) (local $a v128) (local $b v128) (local $c v128)
    (loop $columns
      (local.set $a (v128.const f32x4 0 0 0 0))
      (local.set $b (v128.const f32x4 0 0 0 0))
      (local.set $c (v128.const f32x4 0 0 0 0))
      (local.set $v (local.get $x))
      (local.set $from (i32.add (local.get $w) (local.get $at)))
      (loop $rows
        (local.set $s (v128.load32_splat (local.get $v)))
        (local.set $a (f32x4.add (local.get $a) (f32x4.mul (local.get $s) (v128.load (local.get $from)))))
        (local.set $b (f32x4.add (local.get $b) (f32x4.mul (local.get $s) (v128.load offset=16 (local.get $from)))))
        (local.set $c (f32x4.add (local.get $c) (f32x4.mul (local.get $s) (v128.load offset=32 (local.get $from)))))
        (local.set $from (i32.add (local.get $from) (local.get $length)))
        (local.set $v (i32.add (local.get $v) (i32.const 4)))
        (br_if $rows (i32.lt_u (local.get $v) (local.get $xEnd))))
      (v128.store (i32.add (local.get $out) (local.get $at)) (local.get $a))
      (v128.store offset=16 (i32.add (local.get $out) (local.get $at)) (local.get $b))
      (v128.store offset=32 (i32.add (local.get $out) (local.get $at)) (local.get $c))
      (local.set $at (i32.add (local.get $at) (i32.const 48)))
      (br_if $columns (i32.lt_u (local.get $at) (local.get $length)))))

  ;; P = X W
  (func (export "times") (param $x i32) (param $xLength i32) (param $rows i32) (param $w i32) (param $length i32) (param $p i32)
    (loop $each
      (call $row (local.get $x) (i32.add (local.get $x) (local.get $xLength)) (local.get $w) (local.get $length) (local.get $p))
      (local.set $x (i32.add (local.get $x) (local.get $xLength)))
      (local.set $p (i32.add (local.get $p) (local.get $length)))
      (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
      (br_if $each (local.get $rows))))

  ;; W = transposed X, times P: for each column of X, as a row of its own, the sum over the rows of P.
  (func (export "timesLeft") (param $x i32) (param $xLength i32) (param $rows i32) (param $p i32) (param $length i32) (param $w i32)
    (local $d i32) (local $at i32) (local $v i32) (local $from i32) (local $left i32) (local $s v128) (local $a v128) (local $b v128) (local $c v128)
    (loop $columns
      (local.set $d (i32.const 0))
      (loop $each
        (local.set $a (v128.const f32x4 0 0 0 0))
        (local.set $b (v128.const f32x4 0 0 0 0))
        (local.set $c (v128.const f32x4 0 0 0 0))
        (local.set $v (i32.add (local.get $x) (local.get $d)))
        (local.set $from (i32.add (local.get $p) (local.get $at)))
        (local.set $left (local.get $rows))
        (loop $down
          (local.set $s (v128.load32_splat (local.get $v)))
          (local.set $a (f32x4.add (local.get $a) (f32x4.mul (local.get $s) (v128.load (local.get $from)))))
          (local.set $b (f32x4.add (local.get $b) (f32x4.mul (local.get $s) (v128.load offset=16 (local.get $from)))))
          (local.set $c (f32x4.add (local.get $c) (f32x4.mul (local.get $s) (v128.load offset=32 (local.get $from)))))
          (local.set $v (i32.add (local.get $v) (local.get $xLength)))
          (local.set $from (i32.add (local.get $from) (local.get $length)))
          (local.set $left (i32.sub (local.get $left) (i32.const 1)))
          (br_if $down (local.get $left)))
        (local.set $from (i32.add (local.get $w) (i32.add (local.get $at)
          (i32.mul (i32.shr_u (local.get $d) (i32.const 2)) (local.get $length)))))
        (v128.store (local.get $from) (local.get $a))
        (v128.store offset=16 (local.get $from) (local.get $b))
        (v128.store offset=32 (local.get $from) (local.get $c))
        (local.set $d (i32.add (local.get $d) (i32.const 4)))
        (br_if $each (i32.lt_u (local.get $d) (local.get $xLength))))
      (local.set $at (i32.add (local.get $at) (i32.const 48)))
      (br_if $columns (i32.lt_u (local.get $at) (local.get $length)))))

  ;; X = P, times transposed W: each number the product of a row of P and a row of W.
  (func (export "timesRight") (param $p i32) (param $length i32) (param $rows i32) (param $w i32) (param $xLength i32) (param $x i32)
    (local $d i32) (local $at i32) (local $from i32) (local $a v128) (local $b v128) (local $c v128)
    (loop $each
      (local.set $d (i32.const 0))
      (local.set $from (local.get $w))
      (loop $across
        (local.set $a (v128.const f32x4 0 0 0 0))
        (local.set $b (v128.const f32x4 0 0 0 0))
        (local.set $c (v128.const f32x4 0 0 0 0))
        (local.set $at (i32.const 0))
        (loop $along
          (local.set $a (f32x4.add (local.get $a) (f32x4.mul
            (v128.load (i32.add (local.get $p) (local.get $at))) (v128.load (i32.add (local.get $from) (local.get $at))))))
          (local.set $b (f32x4.add (local.get $b) (f32x4.mul
            (v128.load offset=16 (i32.add (local.get $p) (local.get $at))) (v128.load offset=16 (i32.add (local.get $from) (local.get $at))))))
          (local.set $c (f32x4.add (local.get $c) (f32x4.mul
            (v128.load offset=32 (i32.add (local.get $p) (local.get $at))) (v128.load offset=32 (i32.add (local.get $from) (local.get $at))))))
          (local.set $at (i32.add (local.get $at) (i32.const 48)))
          (br_if $along (i32.lt_u (local.get $at) (local.get $length))))
        (local.set $a (f32x4.add (local.get $a) (f32x4.add (local.get $b) (local.get $c))))
        (f32.store (i32.add (local.get $x) (local.get $d))
          (f32.add
            (f32.add (f32x4.extract_lane 0 (local.get $a)) (f32x4.extract_lane 1 (local.get $a)))
            (f32.add (f32x4.extract_lane 2 (local.get $a)) (f32x4.extract_lane 3 (local.get $a)))))
        (local.set $from (i32.add (local.get $from) (local.get $length)))
        (local.set $d (i32.add (local.get $d) (i32.const 4)))
        (br_if $across (i32.lt_u (local.get $d) (local.get $xLength))))
      (local.set $p (i32.add (local.get $p) (local.get $length)))
      (local.set $x (i32.add (local.get $x) (local.get $xLength)))
      (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
      (br_if $each (local.get $rows)))))
