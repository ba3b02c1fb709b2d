package main

import "math"

const (
	// Values are counted in buckets that are 2^(1/128) wide, 0.5%.
	finestScale = 7
	// As many buckets as the output `opentelemetry` has: where values span more, two become one until they do.
	mostBuckets = 160
)

// histogram is base2_exponential_bucket_histogram of OpenTelemetry: bucket i holds values above base^i, up to base^(i+1), of
// base 2^(2^-scale). Its counts begin at bucket `offset`.
type histogram struct {
	count, zeros  uint64
	sum, min, max float64
	offset        int
	counts        []uint64
}

func (h *histogram) add(value float64) {
	if h.count == 0 || value < h.min {
		h.min = value
	}
	if h.count == 0 || value > h.max {
		h.max = value
	}
	h.count++
	h.sum += value
	if value > 0 && !math.IsInf(value, 1) {
		h.bucket(int(math.Ceil(math.Log2(value)*(1<<finestScale))) - 1)
	} else {
		h.zeros++
	}
}

func (h *histogram) bucket(index int) {
	switch {
	case len(h.counts) == 0:
		h.offset = index
		h.counts = make([]uint64, 1, 64)
	case index < h.offset:
		h.counts = append(make([]uint64, h.offset-index), h.counts...)
		h.offset = index
	}
	for index >= h.offset+len(h.counts) {
		h.counts = append(h.counts, 0)
	}
	h.counts[index-h.offset]++
}

// buckets are the counts at the finest scale that needs no more than mostBuckets.
func (h *histogram) buckets() (scale, offset int, counts []uint64) {
	shift := 0
	last := h.offset + max(0, len(h.counts)-1)
	for last>>shift-h.offset>>shift >= mostBuckets {
		shift++
	}
	offset = h.offset >> shift
	counts = make([]uint64, last>>shift-offset+1)
	for i, count := range h.counts {
		counts[(h.offset+i)>>shift-offset] += count
	}
	return finestScale - shift, offset, counts
}
