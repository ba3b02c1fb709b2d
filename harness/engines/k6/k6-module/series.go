package main

import (
	"time"

	"go.k6.io/k6/v2/metrics"
)

// series is what one metric with one set of tags came to in a window.
type series struct {
	kind metrics.MetricType
	// When the earliest of its samples began: a load begins when k6 has made all its users, long after the output.
	since time.Time
	// Of a counter the sum, of a gauge the last value.
	value float64
	// Of a rate.
	zeros, others uint64
	trend         histogram
}

func (s *series) add(sample *metrics.Sample) {
	if begun := begunAt(sample); s.since.IsZero() || begun.Before(s.since) {
		s.since = begun
	}
	switch value := sample.Value; s.kind {
	case metrics.Counter:
		s.value += value
	case metrics.Gauge:
		s.value = value
	case metrics.Rate:
		if value == 0 {
			s.zeros++
		} else {
			s.others++
		}
	case metrics.Trend:
		s.trend.add(value)
	}
}

// begunAt is when what k6 measured began; it is stamped when it ends. A script's own times are no spans that end then.
func begunAt(sample *metrics.Sample) time.Time {
	switch sample.Metric.Name {
	case metrics.IterationDurationName, metrics.HTTPReqDurationName, metrics.GRPCReqDurationName:
		return sample.Time.Add(-time.Duration(sample.Value * float64(time.Millisecond)))
	}
	return sample.Time
}
