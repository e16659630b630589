;; The inner loops of table.ts and listener.ts, several numbers at a time. All pointers and lengths are in bytes
;; unless they say otherwise; every row of numbers is a multiple of 16 bytes. kernels.ts holds this module as bytes.
(module
  (memory (export "memory") 1)

  ;; Adds up the rows of those features whose check is right: eight numbers of two bytes each become eight of four.
  (func (export "weigh") (param $feature i32) (param $end i32) (param $checks i32) (param $rows i32) (param $bits i32) (param $out i32)
    (local $low v128) (local $high v128) (local $number i32) (local $row i32) (local $mask i32) (local $found v128)
    (local.set $mask (i32.sub (i32.shl (i32.const 1) (local.get $bits)) (i32.const 1)))
    (block $done
      (loop $each
        (br_if $done (i32.ge_u (local.get $feature) (local.get $end)))
        (local.set $number (i32.load (local.get $feature)))
        (local.set $feature (i32.add (local.get $feature) (i32.const 4)))
        (local.set $row (i32.and (local.get $number) (local.get $mask)))
        (br_if $each (i32.ne
          (i32.load8_u (i32.add (local.get $checks) (local.get $row)))
          (i32.add (i32.shr_u (local.get $number) (local.get $bits)) (i32.const 1))))
        (local.set $found (v128.load (i32.add (local.get $rows) (i32.shl (local.get $row) (i32.const 4)))))
        (local.set $low (i32x4.add (local.get $low) (i32x4.extend_low_i16x8_s (local.get $found))))
        (local.set $high (i32x4.add (local.get $high) (i32x4.extend_high_i16x8_s (local.get $found))))
        (br $each)))
    (v128.store (local.get $out) (local.get $low))
    (v128.store offset=16 (local.get $out) (local.get $high)))

  ;; out[0..length) = sum over d of vector[d] * kernel[d * length ..]; $vectorEnd is one past the vector.
  (func (export "project") (param $vector i32) (param $vectorEnd i32) (param $kernel i32) (param $length i32) (param $out i32)
    (local $at i32) (local $row i32) (local $v i32) (local $x v128)
    (local $a v128) (local $b v128) (local $c v128)
    (loop $columns
      (local.set $a (v128.const f32x4 0 0 0 0))
      (local.set $b (v128.const f32x4 0 0 0 0))
      (local.set $c (v128.const f32x4 0 0 0 0))
      (local.set $v (local.get $vector))
      (local.set $row (i32.add (local.get $kernel) (local.get $at)))
      (loop $rows
        (local.set $x (v128.load32_splat (local.get $v)))
        (local.set $a (f32x4.add (local.get $a) (f32x4.mul (local.get $x) (v128.load (local.get $row)))))
        (local.set $b (f32x4.add (local.get $b) (f32x4.mul (local.get $x) (v128.load offset=16 (local.get $row)))))
        (local.set $c (f32x4.add (local.get $c) (f32x4.mul (local.get $x) (v128.load offset=32 (local.get $row)))))
        (local.set $row (i32.add (local.get $row) (local.get $length)))
        (local.set $v (i32.add (local.get $v) (i32.const 4)))
        (br_if $rows (i32.lt_u (local.get $v) (local.get $vectorEnd))))
      (v128.store (i32.add (local.get $out) (local.get $at)) (local.get $a))
      (v128.store offset=16 (i32.add (local.get $out) (local.get $at)) (local.get $b))
      (v128.store offset=32 (i32.add (local.get $out) (local.get $at)) (local.get $c))
      (local.set $at (i32.add (local.get $at) (i32.const 48)))
      (br_if $columns (i32.lt_u (local.get $at) (local.get $length)))))

  ;; out[0..length) = one[0..length) + other[0..length)
  (func (export "add") (param $one i32) (param $other i32) (param $length i32) (param $out i32)
    (local $at i32)
    (loop $each
      (v128.store (i32.add (local.get $out) (local.get $at))
        (f32x4.add (v128.load (i32.add (local.get $one) (local.get $at))) (v128.load (i32.add (local.get $other) (local.get $at)))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $each (i32.lt_u (local.get $at) (local.get $length)))))

  ;; One width of filters at each word. $places points at the first of the words beside the first word: one pointer
  ;; for each, zeros where there is none. $answers and $strongest point at this width's part of their rows.
  (func (export "filter") (param $places i32) (param $count i32) (param $width i32) (param $slot i32) (param $bytes i32)
    (param $bias i32) (param $answers i32) (param $stride i32) (param $strongest i32)
    (local $f i32) (local $place i32) (local $from i32) (local $word i32) (local $sum v128) (local $most v128) (local $to i32) (local $start v128)
    (loop $features
      (local.set $most (v128.const f32x4 0 0 0 0))
      (local.set $start (v128.load (i32.add (local.get $bias) (local.get $f))))
      (local.set $to (i32.add (local.get $answers) (local.get $f)))
      (local.set $word (i32.const 0))
      (loop $words
        (local.set $sum (local.get $start))
        (local.set $place (i32.const 0))
        (local.set $from (i32.add (local.get $slot) (local.get $f)))
        (loop $beside
          (local.set $sum (f32x4.add (local.get $sum)
            (v128.load (i32.add (local.get $from)
              (i32.load (i32.add (local.get $places) (i32.shl (i32.add (local.get $word) (local.get $place)) (i32.const 2))))))))
          (local.set $from (i32.add (local.get $from) (local.get $bytes)))
          (local.set $place (i32.add (local.get $place) (i32.const 1)))
          (br_if $beside (i32.lt_u (local.get $place) (local.get $width))))
        (local.set $sum (f32x4.pmax (v128.const f32x4 0 0 0 0) (local.get $sum)))
        (v128.store (local.get $to) (local.get $sum))
        (local.set $most (f32x4.pmax (local.get $most) (local.get $sum)))
        (local.set $to (i32.add (local.get $to) (local.get $stride)))
        (local.set $word (i32.add (local.get $word) (i32.const 1)))
        (br_if $words (i32.lt_u (local.get $word) (local.get $count))))
      (v128.store (i32.add (local.get $strongest) (local.get $f)) (local.get $most))
      (local.set $f (i32.add (local.get $f) (i32.const 16)))
      (br_if $features (i32.lt_u (local.get $f) (local.get $bytes)))))

  ;; odds[word] = answers[word] . weights
  (func (export "attend") (param $answers i32) (param $count i32) (param $stride i32) (param $weights i32) (param $odds i32)
    (local $f i32) (local $sum v128) (local $word i32)
    (loop $words
      (local.set $sum (v128.const f32x4 0 0 0 0))
      (local.set $f (i32.const 0))
      (loop $features
        (local.set $sum (f32x4.add (local.get $sum) (f32x4.mul
          (v128.load (i32.add (local.get $answers) (local.get $f)))
          (v128.load (i32.add (local.get $weights) (local.get $f))))))
        (local.set $f (i32.add (local.get $f) (i32.const 16)))
        (br_if $features (i32.lt_u (local.get $f) (local.get $stride))))
      (f32.store (local.get $odds)
        (f32.add
          (f32.add (f32x4.extract_lane 0 (local.get $sum)) (f32x4.extract_lane 1 (local.get $sum)))
          (f32.add (f32x4.extract_lane 2 (local.get $sum)) (f32x4.extract_lane 3 (local.get $sum)))))
      (local.set $odds (i32.add (local.get $odds) (i32.const 4)))
      (local.set $answers (i32.add (local.get $answers) (local.get $stride)))
      (local.set $word (i32.add (local.get $word) (i32.const 1)))
      (br_if $words (i32.lt_u (local.get $word) (local.get $count)))))

  ;; mean = sum over words of share[word] * answers[word]; words with hardly a share are left out.
  (func (export "mean") (param $answers i32) (param $count i32) (param $stride i32) (param $shares i32) (param $least f32) (param $mean i32)
    (local $f i32) (local $word i32) (local $part v128) (local $share f32) (local $to i32)
    (loop $clear
      (v128.store (i32.add (local.get $mean) (local.get $f)) (v128.const f32x4 0 0 0 0))
      (local.set $f (i32.add (local.get $f) (i32.const 16)))
      (br_if $clear (i32.lt_u (local.get $f) (local.get $stride))))
    (loop $words
      (local.set $share (f32.load (local.get $shares)))
      (if (f32.ge (local.get $share) (local.get $least))
        (then
          (local.set $part (f32x4.splat (local.get $share)))
          (local.set $f (i32.const 0))
          (loop $features
            (local.set $to (i32.add (local.get $mean) (local.get $f)))
            (v128.store (local.get $to) (f32x4.add (v128.load (local.get $to))
              (f32x4.mul (local.get $part) (v128.load (i32.add (local.get $answers) (local.get $f))))))
            (local.set $f (i32.add (local.get $f) (i32.const 16)))
            (br_if $features (i32.lt_u (local.get $f) (local.get $stride))))))
      (local.set $shares (i32.add (local.get $shares) (i32.const 4)))
      (local.set $answers (i32.add (local.get $answers) (local.get $stride)))
      (local.set $word (i32.add (local.get $word) (i32.const 1)))
      (br_if $words (i32.lt_u (local.get $word) (local.get $count))))))
