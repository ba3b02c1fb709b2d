package main

import (
	"math/rand"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// sleeping waits MS to twice that, however many wait at once: a service that is well.
func sleeping() http.HandlerFunc {
	least := milliseconds("MS", 0)
	return func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(least + time.Duration(rand.Int63n(int64(least)+1)))
		answerOK(w, r)
	}
}

// burning takes some MS of a CPU for each request: always the same work, so that it takes longer where others have the CPU.
func burning() http.HandlerFunc {
	rounds := number("MS", 10) * 500_000
	return func(w http.ResponseWriter, r *http.Request) {
		x := 1.0
		for range rounds {
			x = x*1.0000001 + 0.1
		}
		if x > 0 {
			answerOK(w, r)
		}
	}
}

// places holds one of LIMIT places for MS without any CPU; who waits for one longer than GIVE_UP is refused with 503.
func places() http.HandlerFunc {
	free := make(chan struct{}, number("LIMIT", 2))
	held := milliseconds("MS", 20)
	patience := milliseconds("GIVE_UP", 3_600_000)
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case free <- struct{}{}:
			time.Sleep(held)
			<-free
			answerOK(w, r)
		case <-time.After(patience):
			http.Error(w, "Service Unavailable", http.StatusServiceUnavailable)
		}
	}
}

// pausing stands still as a whole for MS after each RUNS: what a collector that stops the world does.
func pausing() http.HandlerFunc {
	var world sync.RWMutex
	pause, runs := milliseconds("MS", 900), milliseconds("RUNS", 100)
	go func() {
		for {
			time.Sleep(runs)
			world.Lock()
			time.Sleep(pause)
			world.Unlock()
		}
	}()
	return func(w http.ResponseWriter, r *http.Request) {
		world.RLock()
		defer world.RUnlock()
		answerOK(w, r)
	}
}

// large answers with KB of body.
func large() http.HandlerFunc {
	body := make([]byte, number("KB", 64)*1024)
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.Write(body)
	}
}

// keeping keeps KB of memory for each request, for good: what a leak does.
func keeping() http.HandlerFunc {
	var guard sync.Mutex
	var kept [][]byte
	size := number("KB", 64) * 1024
	return func(w http.ResponseWriter, r *http.Request) {
		block := make([]byte, size)
		for at := range block {
			block[at] = 1
		}
		guard.Lock()
		kept = append(kept, block)
		guard.Unlock()
		answerOK(w, r)
	}
}
