package main

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// forgetful names the settings of the database by which a crash may take back what was answered to be done. The program cannot make up
// for them: an acknowledged gift would be gone.
func forgetful(ctx context.Context, db *sqlx.DB) ([]string, error) {
	var off []string
	err := db.SelectContext(ctx, &off, `
		SELECT name
		  FROM pg_settings
		 WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'
		 ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("settings of the database: %w", err)
	}
	return off, nil
}
