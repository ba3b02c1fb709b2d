package main

import "go.k6.io/k6/v2/metrics"

// series is what one metric with one set of tags came to in a window.
type series struct {
	kind metrics.MetricType
	// Of a counter the sum, of a gauge the last value.
	value float64
	// Of a rate.
	zeros, others uint64
	trend         histogram
}

func (s *series) add(value float64) {
	switch s.kind {
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
